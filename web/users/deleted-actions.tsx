import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { type DeletedUser, eraseUser, exportPerson } from "#server/features/users/contract.ts";
import { address, call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { may, mayChange, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import table from "../ui/table.module.css";
import { tell, tellProblem } from "../ui/toast.ts";
import classes from "./deleted.module.css";
import { fullName } from "./person.ts";
import { useRestore } from "./use-restore.ts";

type Props = { user: DeletedUser; nameId: string };

/** What can be done with somebody who is deleted; each control says of whom by the element of that id. */
export function DeletedActions({ user, nameId }: Props) {
  const me = useMe();
  const changes = mayChange(me, user.role);
  return (
    <div className={table.rowActions}>
      {may(me, "users.export") && changes && <ExportEverything user={user} nameId={nameId} />}
      {may(me, "users.create") && changes && <Restore user={user} nameId={nameId} />}
      {may(me, "users.erase") && changes && <Erase user={user} nameId={nameId} />}
    </div>
  );
}

/** Somebody may ask for it while they wait to be erased. */
function ExportEverything({ user, nameId }: Props) {
  const params = { tenant: useTenant(), userId: user.id };
  const label = "Export everything about them";
  return (
    <Tooltip label={label}>
      <ActionIcon
        component="a"
        className={classes.export}
        download
        href={address(exportPerson, { params })}
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-describedby={nameId}
      >
        <IconDownload size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function Restore({ user, nameId }: Props) {
  const restore = useRestore();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await restore(user).catch(tellProblem);
    setBusy(false);
  };
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-describedby={nameId}
      loading={busy}
      onClick={() => void run()}
    >
      Restore
    </Button>
  );
}

function Erase({ user, nameId }: Props) {
  const [asked, ask] = useState(false);
  const params = { tenant: useTenant(), userId: user.id };
  const erase = async () => {
    await call(eraseUser, { params, body: { email: user.email } });
    await forget("users");
    tell(`Everything about ${fullName(user)} has been erased.`);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-describedby={nameId}
        onClick={() => ask(true)}
      >
        Erase now
      </Button>
      {asked && (
        <ConfirmDialog
          title={`Erase ${fullName(user)} for good?`}
          verb="Erase"
          danger
          typed={{ label: `Type ${user.email} to confirm`, text: user.email }}
          onConfirm={erase}
          onClose={() => ask(false)}
        >
          Name, address, emails and what imports and the audit log hold about them go now. That they were here
          and what happened stays in the audit log without their name. Nobody can bring this back.
        </ConfirmDialog>
      )}
    </>
  );
}
