import { Text } from "@mantine/core";
import { useTimeZone } from "../shell/session.ts";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Beside days to be chosen: by which clock, where it is not that of this computer. */
export function ZoneNote() {
  const timeZone = useTimeZone();
  if (timeZone === here) return null;
  return (
    <Text size="xs" c="dimmed">
      Days by your organisation's clock, {timeZone}.
    </Text>
  );
}
