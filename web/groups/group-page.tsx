import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Group, getGroup } from "#server/features/groups/contract.ts";
import { maySelect, SelectionBar } from "../bulk-actions/selection-bar.tsx";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { EditUserPanel } from "../users/edit-user-panel.tsx";
import { ExportMenu } from "../users/export-menu.tsx";
import { actionsOn, fullName } from "../users/person.ts";
import { useSelection } from "../users/use-selection.ts";
import { useUsersList } from "../users/use-users-list.ts";
import { UsersList } from "../users/users-list.tsx";
import { filterOf, given, type UsersState } from "../users/users-state.ts";
import { UsersToolbar } from "../users/users-toolbar.tsx";
import { AddMembers } from "./add-members.tsx";
import { DeleteGroup } from "./delete-group.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { useRemoveMember } from "./use-remove-member.ts";

const route = getRouteApi("/t/$tenant/frame/groups/$groupId");

export const GroupPage = () => (
  <Needs permission="groups.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const params = route.useParams();
  const { data, error, refetch } = useQuery(read(getGroup, { params }));
  if (data) return <OneGroup group={data} />;
  return (
    <Page title="Group" back={<BackLink to="/t/$tenant/groups" />}>
      {error && <LoadFailed problem={error} retry={refetch} />}
    </Page>
  );
}

function OneGroup({ group }: { group: Group }) {
  const me = useMe();
  const state = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<UsersState> & { add?: true | undefined; edit?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...next }) });
  const filter = (next: UsersState) => change({ cursor: undefined, ...next });
  const found = useUsersList({ ...state, group: group.id });
  const remove = useRemoveMember(group);
  const mayUpdate = may(me, "groups.update");
  const { status } = state;
  const listed = { ...filterOf({ ...state, group: group.id }, me.tenant.timeZone), ...given({ status }) };
  const total = found.counts?.[status ?? "all"];
  const selection = useSelection({ list: JSON.stringify(listed), total, shown: found.list.data?.items });
  return (
    <Page
      title={group.name}
      back={<BackLink to="/t/$tenant/groups" />}
      aside={
        !group.active && (
          <StatusMark shape="empty" tone="plain">
            Inactive, grants nothing
          </StatusMark>
        )
      }
      actions={
        <>
          {may(me, "users.export") && <ExportMenu filter={listed} total={total} />}
          <Actions group={group} add={() => change({ add: true })} />
        </>
      }
      toolbar={
        <>
          {group.description && (
            <Text c="dimmed" w="100%">
              {group.description}
            </Text>
          )}
          <UsersToolbar
            ofGroup
            state={state}
            counts={found.counts}
            change={filter}
            search={(search) => filter({ search: search || undefined })}
          />
        </>
      }
    >
      <UsersList
        groupId={group.id}
        found={found}
        state={state}
        change={filter}
        onEdit={(user) => change({ edit: user.id })}
        selection={maySelect(me) ? selection : undefined}
        extra={(user) =>
          mayUpdate &&
          actionsOn(me, user).edit && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              aria-label={`Remove ${fullName(user)}`}
              onClick={() => void remove(user)}
            >
              Remove
            </Button>
          )
        }
        empty={
          <Notice title="Nobody is in this group yet">
            Add members here, with Edit beside each user, or with the Groups column of an import.
          </Notice>
        }
      />
      <SelectionBar {...{ selection, total, group }} filter={listed} />
      <AddMembers group={group} opened={state.add === true} onClose={() => change({ add: undefined })} />
      <EditUserPanel userId={state.edit} onClose={() => change({ edit: undefined })} />
    </Page>
  );
}

function Actions({ group, add }: { group: Group; add: () => void }) {
  const me = useMe();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const toList = () => void navigate({ to: "/t/$tenant/groups", params: { tenant: me.tenant.slug } });
  return (
    <>
      {may(me, "groups.delete") && (
        <Button variant="default" onClick={() => setOpen("delete")}>
          Delete
        </Button>
      )}
      {may(me, "groups.update") && (
        <>
          <Button variant="default" onClick={() => setOpen("edit")}>
            Edit group
          </Button>
          <Button onClick={add}>Add members</Button>
        </>
      )}
      <GroupPanel opened={open === "edit"} groupId={group.id} onClose={() => setOpen(null)} />
      {open === "delete" && <DeleteGroup group={group} onClose={() => setOpen(null)} onDeleted={toList} />}
    </>
  );
}
