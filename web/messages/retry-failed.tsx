import { Button } from "@mantine/core";
import { useState } from "react";
import { retryFailedMessages } from "#server/features/messages/contract.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tell } from "../ui/toast.ts";
import { count } from "../ui/words.ts";
import { hasFailed } from "./has-failed.ts";
import { messageStates } from "./message-looks.ts";
import { filterOf, type MessagesState, type useMessagesList } from "./use-messages-list.ts";

type Counts = NonNullable<ReturnType<typeof useMessagesList>["counts"]>;

/** Writes again to whoever was not reached, of those on the screen: some thousand at a time until nobody is left. */
export function RetryFailed({ state, counts }: { state: MessagesState; counts: Counts | undefined }) {
  const tenant = useTenant();
  const retry = useCall(retryFailedMessages);
  const {
    mailKept,
    tenant: { timeZone },
  } = useMe();
  const [asked, ask] = useState(false);
  if (!counts) return null;
  // Without a mail server what is in the mailbox would only get there once more.
  const failures = messageStates.filter((one) => hasFailed(one) || (one === "kept" && !mailKept));
  const chosen = failures.find((one) => one === state.state);
  const counted = chosen ? [chosen] : state.state ? [] : failures;
  const failed = counted.reduce((sum, one) => sum + counts.states[one], 0);
  if (failed === 0) return null;
  const run = async () => {
    let retried = 0;
    for (let more = true; more; ) {
      const body = { ...filterOf(state, timeZone), ...(chosen ? { state: chosen } : {}) };
      const now = await retry.mutateAsync({ params: { tenant }, body });
      retried += now.retried;
      more = now.more;
    }
    await forget("messages", "users");
    tell(
      retried > 0
        ? `${count(retried, "email")} ${mailKept ? "in the built-in mailbox" : "on the way"}.`
        : "Nobody to write to: the others have been reached since, or their address has to be corrected first.",
    );
  };
  return (
    <>
      <Button variant="default" onClick={() => ask(true)}>
        Retry only the failed
      </Button>
      {asked && (
        <ConfirmDialog
          title="Write to them again?"
          verb="Send again"
          onClose={() => ask(false)}
          onConfirm={run}
        >
          {count(failed, "message")} shown here did not arrive. Whoever has not been reached since is written
          to again: a new invitation, or a link to set a password. Nothing goes to an address that an email
          came back from; correct those first.
        </ConfirmDialog>
      )}
    </>
  );
}
