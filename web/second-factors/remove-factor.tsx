import { Button } from "@mantine/core";
import { useState } from "react";
import { forget } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tell } from "../ui/toast.ts";
import { useConfirmed } from "./use-confirmed.tsx";

type Props = {
  /** As it is named in a sentence: `your authenticator app`. */
  what: string;
  remove: () => Promise<unknown>;
  told: string;
  /** The element that names what it is about, for who hears only the button. */
  nameId: string;
};

/** Asks before a factor goes, and for the password where it is some time since it was given. */
export function RemoveFactor({ what, remove, told, nameId }: Props) {
  const { run, question } = useConfirmed();
  const [asked, ask] = useState(false);
  const confirm = () =>
    run(async () => {
      await remove();
      await forget("me");
      tell(told);
    });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-describedby={nameId}
        onClick={() => ask(true)}
      >
        Remove
      </Button>
      {asked && (
        <ConfirmDialog
          title={`Remove ${what}?`}
          verb="Remove"
          danger
          onConfirm={confirm}
          onClose={() => ask(false)}
        >
          It does not sign you in any more, and you are signed out everywhere but here. Where it is the last
          one, your password alone lets you in, and your recovery codes go too.
        </ConfirmDialog>
      )}
      {question}
    </>
  );
}
