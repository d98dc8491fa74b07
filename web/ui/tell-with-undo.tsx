import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { tell, tellProblem } from "./toast.ts";

/** Long enough to read it and to think again. */
const shownMs = 12_000;

/** Says what happened, in a whole sentence, and offers to take it back. */
export function tellWithUndo(message: string, undo: () => Promise<unknown>) {
  const run = () => {
    notifications.hide(shown);
    undo().catch(tellProblem);
  };
  const shown = tell(
    <Group justify="space-between" wrap="nowrap">
      {message}
      <Button variant="subtle" size="compact-sm" flex="none" onClick={run}>
        Undo
      </Button>
    </Group>,
    shownMs,
  );
}
