import { ActionIcon, Menu } from "@mantine/core";
import {
  IconCrown,
  IconDots,
  IconDownload,
  IconLinkOff,
  IconMailForward,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { exportPerson, type User } from "#server/features/users/contract.ts";
import { address } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tellProblem } from "../ui/toast.ts";
import { count } from "../ui/words.ts";
import { HandOver } from "./hand-over.tsx";
import { actionsOn, fullName, hasMenu, resendEmailWords } from "./person.ts";
import { useUserActions } from "./use-user-actions.ts";

type Asked = "suspend" | "revoke" | "remove" | "handOver" | null;

/** Everything that can be done with one user besides editing; also on the user's page. */
export function UserMenu({ user, onDeleted }: { user: User; onDeleted?: () => void }) {
  const can = actionsOn(useMe(), user);
  const tenant = useTenant();
  const actions = useUserActions(user);
  const [asked, ask] = useState<Asked>(null);
  const run = (action: () => Promise<unknown>) => void action().catch(tellProblem);
  if (!hasMenu(can)) return null;
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for ${fullName(user)}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {can.resendInvitation && (
            <Menu.Item
              leftSection={<IconMailForward size={16} />}
              onClick={() => run(actions.resendInvitation)}
            >
              Resend invitation
            </Menu.Item>
          )}
          {can.resendEmail && (
            <Menu.Item leftSection={<IconMailForward size={16} />} onClick={() => run(actions.resendEmail)}>
              {resendEmailWords(user)}
            </Menu.Item>
          )}
          {can.revokeInvitation && (
            <Menu.Item leftSection={<IconLinkOff size={16} />} onClick={() => ask("revoke")}>
              Revoke invitation
            </Menu.Item>
          )}
          {can.suspend && (
            <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => ask("suspend")}>
              Suspend
            </Menu.Item>
          )}
          {can.reactivate && (
            <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => run(actions.reactivate)}>
              Reactivate
            </Menu.Item>
          )}
          {can.exportData && (
            <Menu.Item
              component="a"
              download
              href={address(exportPerson, { params: { tenant, userId: user.id } })}
              leftSection={<IconDownload size={16} />}
            >
              Export everything about them
            </Menu.Item>
          )}
          {can.handOver && (
            <Menu.Item leftSection={<IconCrown size={16} />} onClick={() => ask("handOver")}>
              Hand over ownership
            </Menu.Item>
          )}
          {can.remove && (
            <>
              <Menu.Divider />
              <Menu.Item c="var(--m-bad)" leftSection={<IconTrash size={16} />} onClick={() => ask("remove")}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <UserQuestion user={user} asked={asked} close={() => ask(null)} onDeleted={onDeleted} />
    </>
  );
}

type QuestionProps = {
  user: User;
  asked: Asked;
  close: () => void;
  onDeleted?: (() => void) | undefined;
  onSuspended?: () => void;
};

/** Asks before what somebody else would feel at once, and says what that is. */
export function UserQuestion({ user, asked, close, onDeleted, onSuspended }: QuestionProps) {
  const actions = useUserActions(user);
  const days = count(useMe().tenant.deletedDays, "day");
  const name = fullName(user);
  if (asked === "suspend") {
    const suspend = () => actions.suspend().then(() => onSuspended?.());
    return (
      <ConfirmDialog title={`Suspend ${name}?`} verb="Suspend" onConfirm={suspend} onClose={close}>
        {name} ({user.email}) is signed out everywhere and cannot sign in until you reactivate them. Their
        groups stay.
      </ConfirmDialog>
    );
  }
  if (asked === "revoke") {
    return (
      <ConfirmDialog
        title={`Revoke the invitation of ${name}?`}
        verb="Revoke"
        onConfirm={actions.revoke}
        onClose={close}
      >
        The link sent to {user.email} stops working. You can send a new one at any time.
      </ConfirmDialog>
    );
  }
  if (asked === "handOver") return <HandOver user={user} close={close} />;
  if (asked === "remove") {
    const remove = () => actions.remove().then(() => onDeleted?.());
    return (
      <ConfirmDialog title={`Delete ${name}?`} verb="Delete" danger onConfirm={remove} onClose={close}>
        {name} ({user.email}) is signed out everywhere, leaves every list and all groups, and their address is
        free for somebody else at once. Within {days} you can restore them; then everything about them is
        erased.
      </ConfirmDialog>
    );
  }
  return null;
}
