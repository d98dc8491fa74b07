import { Button, List, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type BulkAction,
  bulkActionPermissions,
  inverses,
  previewRestoring,
  type RestorePlan,
  undoBulkAction,
} from "#server/features/bulk-actions/contract.ts";
import { call } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { people } from "../ui/words.ts";
import { reasons, whatHappens } from "./words.ts";

/** Says first what it will do. What comes of it stands in the banner and on the action's page. */
export function UndoAction({ bulk }: { bulk: BulkAction }) {
  const me = useMe();
  const [asked, ask] = useState(false);
  const inverse = inverses[bulk.action];
  if (!bulk.canUndo || !inverse || !may(me, bulkActionPermissions[inverse])) return null;
  const Dialog = inverse === "restore" ? RestoreDialog : UndoDialog;
  return (
    <>
      <Button variant="default" onClick={() => ask(true)}>
        Undo
      </Button>
      {asked && <Dialog bulk={bulk} onClose={() => ask(false)} />}
    </>
  );
}

type Props = { bulk: BulkAction; onClose: () => void };

function useUndo({ id }: BulkAction) {
  const params = { tenant: useTenant(), bulkActionId: id };
  const undo = async () => {
    await call(undoBulkAction, { params });
    await forget("bulk-actions");
  };
  return { params, undo };
}

/** A membership does not say when it began. */
const whoStays: Partial<Record<BulkAction["action"], string>> = {
  add_to_groups:
    "Who is not in the group then stays out; who left and was put in once more since is taken out.",
  remove_from_groups:
    "Who is in the group then stays in; who was put in and taken out once more since is put in again.",
};

const titleOf = (bulk: BulkAction) => `Undo: ${whatHappens(bulk)}?`;

function UndoDialog({ bulk, onClose }: Props) {
  const { undo } = useUndo(bulk);
  return (
    <ConfirmDialog title={titleOf(bulk)} verb="Undo" onConfirm={undo} onClose={onClose}>
      It is taken back for exactly {bulk.changed === 1 ? "the person" : "those"} whom it changed.{" "}
      {whoStays[bulk.action] ?? "Whoever was changed since stays as they are, and is listed with the reason."}
    </ConfirmDialog>
  );
}

/** Some may be back, erased, or have lost their address to somebody else by now. */
function RestoreDialog({ bulk, onClose }: Props) {
  const { params, undo } = useUndo(bulk);
  const { data: plan, error } = useQuery({ ...read(previewRestoring, { params }), gcTime: 0, staleTime: 0 });
  return (
    <ConfirmDialog
      title={titleOf(bulk)}
      verb={plan ? `Restore ${people(plan.restored)}` : "Restore"}
      ready={plan !== undefined && plan.restored > 0}
      onConfirm={undo}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text size="sm">
          They come back as they were: role, groups and password. An invitation that was not accepted stays
          withdrawn; resend it.
        </Text>
        {error && <Text c="var(--m-bad)">{error.message}</Text>}
        {plan ? <Kept plan={plan} /> : !error && <Skeleton h={20} aria-label="Counting" />}
      </Stack>
    </ConfirmDialog>
  );
}

const Kept = ({ plan: { kept } }: { plan: RestorePlan }) =>
  kept.length > 0 && (
    <List size="sm" c="dimmed" aria-label="Who is left as they are">
      {kept.map(({ reason, people: many }) => (
        <List.Item key={reason}>
          {people(many)}: {reasons[reason]}
        </List.Item>
      ))}
    </List>
  );
