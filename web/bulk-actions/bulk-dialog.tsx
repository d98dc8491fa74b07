import { List, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { verbs } from "#server/features/bulk-actions/action-words.ts";
import {
  type BulkActionName,
  type BulkPlan,
  previewBulkAction,
  startBulkAction,
} from "#server/features/bulk-actions/contract.ts";
import type { GroupLabel } from "#server/features/groups/contract.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { GroupPicker } from "../ui/group-picker.tsx";
import { listing, number, people } from "../ui/words.ts";
import { consequenceOf, reasons, willDo } from "./words.ts";

type Asked = {
  action: BulkActionName;
  selection: { ids: string[] } | { filter: object; excluded: string[] };
};
type Props = Asked & {
  /** Groups that are given. */
  groups: readonly GroupLabel[];
  onClose: () => void;
  onStarted: () => void;
};

/** What would happen, asked anew whenever something else is chosen. */
function usePlan({ action, selection }: Asked, groups: readonly GroupLabel[]) {
  const params = { tenant: useTenant() };
  const wanted = { action, selection, groupIds: groups.map(({ id }) => id) };
  const needsGroups = action === "add_to_groups" || action === "remove_from_groups";
  const plan = useQuery({
    queryKey: ["bulk-actions", "plan", params.tenant, wanted],
    queryFn: ({ signal }) => call(previewBulkAction, { params, body: wanted }, signal),
    enabled: !needsGroups || groups.length > 0,
    gcTime: 0,
    staleTime: 0,
  });
  const start = async (confirmation: string) => {
    if (!plan.data) throw new Error("There is nothing to start yet.");
    const { id, hash } = plan.data;
    try {
      await call(startBulkAction, { params, body: { ...wanted, id, hash, confirmation } });
    } catch (problem) {
      await plan.refetch();
      throw problem;
    }
    await forget("bulk-actions");
  };
  return { plan, start, needsGroups };
}

/** Says to how many of whom what will happen and who is left alone, and does it when that is confirmed. */
export function BulkDialog({ groups: given, onClose, onStarted, ...asked }: Props) {
  const [groups, choose] = useState(given);
  const [typed, type] = useState("");
  const [group, typeGroup] = useState("");
  const { plan, start, needsGroups } = usePlan(asked, groups);
  const { action } = asked;
  const names = groups.map(({ name }) => name);
  const verb = plan.data ? willDo(action, plan.data.changed, names) : verbs[action];
  return (
    <ConfirmDialog
      title={verbs[action]}
      verb={verb}
      danger={action === "delete"}
      ready={plan.data !== undefined && plan.data.changed > 0}
      onClose={onClose}
      onConfirm={() => start(typed).then(onStarted)}
    >
      <Stack gap="md">
        {needsGroups && given.length === 0 && (
          <GroupPicker
            brief
            leaving={action === "remove_from_groups"}
            value={groups}
            onChange={choose}
            typed={group}
            onType={typeGroup}
            onLeave={() => {}}
          />
        )}
        {plan.error && <Text c="var(--m-bad)">{plan.error.detail}</Text>}
        {plan.data ? (
          <Plan plan={plan.data} action={action} />
        ) : (
          plan.isFetching && <Skeleton h={44} aria-label="Counting" />
        )}
        {plan.data?.seatBelt && (
          <div>
            {plan.data.seatBelt.reasons.map((reason) => (
              <Text key={reason} size="sm" fw={500}>
                {reason}
              </Text>
            ))}
            <TextInput
              mt="xs"
              label={
                <>
                  Type <code>{plan.data.seatBelt.phrase}</code> to confirm
                </>
              }
              value={typed}
              autoComplete="off"
              onChange={(event) => type(event.currentTarget.value)}
            />
          </div>
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function Plan({ plan, action }: { plan: BulkPlan; action: BulkActionName }) {
  const { deletedDays } = useMe().tenant;
  if (plan.changed === 0) return <LeftAlone plan={plan} nobody />;
  const more = plan.changed - plan.names.length;
  const who = more > 0 ? [...plan.names, `${number(more)} more`] : plan.names;
  return (
    <>
      <Text size="sm">
        {listing(who)}. {consequenceOf(action, { deletedDays, emails: plan.emails })}
      </Text>
      <LeftAlone plan={plan} />
    </>
  );
}

function LeftAlone({ plan: { unchanged, refused }, nobody = false }: { plan: BulkPlan; nobody?: boolean }) {
  return (
    <>
      {nobody && <Text size="sm">There is nobody for whom this would change anything.</Text>}
      {(unchanged > 0 || refused.length > 0) && (
        <List size="sm" c="dimmed">
          {unchanged > 0 && (
            <List.Item>{people(unchanged)} unchanged: there is nothing to do for them.</List.Item>
          )}
          {refused.map(({ reason, people: many, names }) => (
            <List.Item key={reason}>
              {listing(many > names.length ? [...names, `${number(many - names.length)} more`] : names)}:{" "}
              {reasons[reason]}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
