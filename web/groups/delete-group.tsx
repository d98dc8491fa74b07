import { Modal, Text } from "@mantine/core";
import { deleteGroup, type Group } from "#server/features/groups/contract.ts";
import { ApiProblem } from "../api.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { usePageBehind } from "../ui/page-behind.ts";
import { tell } from "../ui/toast.ts";
import { people } from "../ui/words.ts";

type Props = { group: Group; onClose: () => void; onDeleted?: () => void };

/** Says how many memberships go with it; a protected group cannot be deleted, and this says how to change that. */
export function DeleteGroup({ group, onClose, onDeleted }: Props) {
  const tenant = useTenant();
  const remove = useCall(deleteGroup);
  usePageBehind(group.protected);
  if (group.protected) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={<Text fw={600}>{group.name} is protected</Text>}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Text size="sm">A protected group cannot be deleted. Switch its protection off in Edit first.</Text>
      </Modal>
    );
  }
  const confirm = async () => {
    try {
      await remove.mutateAsync({ params: { tenant, groupId: group.id }, query: { members: group.members } });
    } catch (problem) {
      // The question is asked again, with the number of now.
      if (problem instanceof ApiProblem && problem.code === "group.more_members") void forget("groups");
      throw problem;
    }
    onDeleted?.();
    void forget("groups", "users");
    tell(`${group.name} was deleted.`);
  };
  return (
    <ConfirmDialog title={`Delete ${group.name}?`} verb="Delete" danger onConfirm={confirm} onClose={onClose}>
      {group.members === 0
        ? "Nobody is in it."
        : `${people(group.members)} ${group.members === 1 ? "leaves" : "leave"} this group. The users themselves stay as they are.`}{" "}
      A deleted group cannot be brought back.
    </ConfirmDialog>
  );
}
