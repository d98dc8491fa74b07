import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTenant } from "../shell/queries.ts";
import { Notice } from "../ui/notice.tsx";

/** Links outlive people: in the audit log, in emails, in what a colleague has sent. */
export function NoUser() {
  const params = { tenant: useTenant() };
  return (
    <div role="alert">
      <Notice
        title="This user is not here"
        action={
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} to="/t/$tenant/users/deleted" params={params} />}
          >
            Deleted users
          </Button>
        }
      >
        They were deleted, or the address of this page is not complete. Whoever was deleted can be restored
        until they are erased.
      </Notice>
    </div>
  );
}
