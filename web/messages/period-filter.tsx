import { Button, Popover, Group as Row, Stack, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { exactDay } from "../ui/time.ts";
import { ZoneNote } from "../ui/zone-note.tsx";
import type { MessagesState } from "./use-messages-list.ts";

type Props = { state: MessagesState; change: (next: MessagesState) => void };

/** Made between two days. */
export function PeriodFilter({ state: { from, to }, change }: Props) {
  const narrowed = from !== undefined || to !== undefined;
  return (
    <Popover position="bottom-start" shadow="md" width={328} trapFocus returnFocus>
      <Popover.Target>
        <Button variant={narrowed ? "light" : "default"} fw={400} leftSection={<IconCalendar size={16} />}>
          {inWords(from, to)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Row grow gap="xs" wrap="nowrap">
            <TextInput
              type="date"
              label="From"
              value={from ?? ""}
              max={to}
              onChange={(event) => change({ from: event.currentTarget.value || undefined })}
            />
            <TextInput
              type="date"
              label="until"
              value={to ?? ""}
              min={from}
              onChange={(event) => change({ to: event.currentTarget.value || undefined })}
            />
          </Row>
          <ZoneNote />
          {narrowed && (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => change({ from: undefined, to: undefined })}
            >
              Any day
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function inWords(from: string | undefined, until: string | undefined): string {
  if (!from && !until) return "Any day";
  if (from && from === until) return exactDay(from);
  if (!until) return `From ${exactDay(from ?? "")}`;
  return from ? `${exactDay(from)} – ${exactDay(until)}` : `Until ${exactDay(until)}`;
}
