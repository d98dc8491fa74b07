import { Box, Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { tell } from "./toast.ts";

/** Long enough to read it and to think again. */
const shownMs = 12_000;

/** Says what happened, in a whole sentence, and offers what may be wanted next. */
export function tellWithButton(message: string, verb: string, act: () => void) {
  const run = () => {
    notifications.hide(shown);
    act();
  };
  const shown = tell(
    <Group justify="space-between" wrap="nowrap">
      {/* A long address breaks rather than hide the button. */}
      <Box miw={0} style={{ overflowWrap: "anywhere" }}>
        {message}
      </Box>
      <Button variant="subtle" size="compact-sm" flex="none" onClick={run}>
        {verb}
      </Button>
    </Group>,
    shownMs,
  );
}
