import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { HalfFilled } from "./half-filled.ts";

/** Around the forms of a page: leaving it asks first where one of them is not saved, also by Back, by reloading and by closing. */
export function Unsaved({ children }: { children: ReactNode }) {
  const [forms, setForms] = useState(0);
  const count = useCallback((halfFilled: boolean) => setForms((many) => many + (halfFilled ? 1 : -1)), []);
  const leaving = useBlocker({
    // Whose session is over signs in again: there is nothing left to be saved with.
    shouldBlockFn: ({ current, next }) =>
      next.pathname !== current.pathname && !next.pathname.endsWith("/sign-in"),
    disabled: forms === 0,
    enableBeforeUnload: true,
    withResolver: true,
  });
  return (
    <>
      <HalfFilled value={count}>{children}</HalfFilled>
      {leaving.status === "blocked" && (
        <ConfirmDialog
          title="Leave without saving?"
          verb="Leave without saving"
          onConfirm={async () => leaving.proceed()}
          onClose={() => leaving.reset()}
        >
          What you changed on this page has not been saved yet. Cancel takes you back to it.
        </ConfirmDialog>
      )}
    </>
  );
}
