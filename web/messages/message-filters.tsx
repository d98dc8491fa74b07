import { Button, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getImport } from "#server/features/imports/contract.ts";
import { kindNames } from "#server/features/mail/kind-names.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { atMostWritten } from "../ui/at-most.ts";
import { Chips } from "../ui/chips.tsx";
import { number } from "../ui/words.ts";
import { messageStates, stateLook } from "./message-looks.ts";
import classes from "./messages.module.css";
import type { MessagesState, useMessagesList } from "./use-messages-list.ts";

type State = NonNullable<MessagesState["state"]>;
type Counts = NonNullable<ReturnType<typeof useMessagesList>["counts"]>;

/** Always there: these say something even when there are none. */
const lasting = ({ mailKept }: { mailKept: boolean }): ReadonlySet<State> =>
  new Set([mailKept ? "kept" : "accepted", "deferred", "bounced"]);

/** The counts by state, which are the filter. What there is none of is left out. */
export function StateChips({
  counts,
  state,
  onChoose,
}: {
  counts: Counts | undefined;
  state: State | undefined;
  onChoose: (state: State | undefined) => void;
}) {
  const me = useMe();
  const always = lasting(me);
  const shown = messageStates.filter(
    (one) => one === state || always.has(one) || (counts?.states[one] ?? 0) > 0,
  );
  const all =
    counts && messageStates.reduce((sum, one) => sum + Math.min(counts.states[one], counts.atMost), 0);
  const some = counts && messageStates.some((one) => counts.states[one] > counts.atMost);
  return (
    <Chips
      label="State"
      chosen={state}
      onChoose={onChoose}
      chips={[
        {
          value: undefined,
          label: "All",
          count: all === undefined ? undefined : `${number(all)}${some ? "+" : ""}`,
        },
        ...shown.map((one) => ({
          value: one,
          label: stateLook(one, me).word,
          count: counts && atMostWritten(counts.states[one], counts.atMost),
        })),
      ]}
    />
  );
}

type FilterProps = { state: MessagesState; change: (next: MessagesState) => void };

export const KindFilter = ({ state, change }: FilterProps) => (
  <Select
    className={classes.kind ?? ""}
    aria-label="What it is"
    placeholder="Any kind"
    clearable
    data={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
    value={state.kind ?? null}
    onChange={(kind) => change({ kind: kind ?? undefined })}
  />
);

/** Of one import, where the address names it: by a link from there. */
export function ImportFilter({ state, change }: FilterProps) {
  const tenant = useTenant();
  const { data } = useQuery({
    ...read(getImport, { params: { tenant, importId: state.import ?? "" } }),
    enabled: state.import !== undefined,
  });
  if (!state.import) return null;
  return (
    <Button
      variant="light"
      fw={400}
      maw="100%"
      rightSection={<IconX size={14} />}
      onClick={() => change({ import: undefined })}
      title="Show the messages of all imports"
    >
      <Text inherit span truncate>
        Import {data?.files[0]?.name ?? "…"}
      </Text>
    </Button>
  );
}
