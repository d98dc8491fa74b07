import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { tell } from "./toast.ts";

/** Long enough to read it and to go there. */
const shownMs = 10_000;

/** Says what happened, in a whole sentence, and leads to whom it happened to: in a long list they may be anywhere. */
export function tellWithLink(message: string, open: () => unknown) {
  const run = () => {
    notifications.hide(shown);
    open();
  };
  const shown = tell(
    <Group justify="space-between" wrap="nowrap">
      {message}
      <Button variant="subtle" size="compact-sm" flex="none" onClick={run}>
        Open
      </Button>
    </Group>,
    shownMs,
  );
}
