import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { User } from "#server/features/users/contract.ts";
import { maySelect, SelectionBar } from "../bulk-actions/selection-bar.tsx";
import { Needs } from "../shell/needs.tsx";
import { may, useMe } from "../shell/session.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { AddUserPanel } from "./add-user-panel.tsx";
import { EditUserPanel } from "./edit-user-panel.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { useSelection } from "./use-selection.ts";
import { useUsersList } from "./use-users-list.ts";
import { UsersList } from "./users-list.tsx";
import { UsersMenu } from "./users-menu.tsx";
import { filterOf, given, isNarrowed, type UsersState } from "./users-state.ts";
import { UsersToolbar } from "./users-toolbar.tsx";

const route = getRouteApi("/t/$tenant/frame/users");

export const UsersPage = () => (
  <Needs permission="users.read">
    <Users />
  </Needs>
);

function useUsersAddress() {
  const state = route.useSearch();
  const navigate = route.useNavigate();
  return {
    state,
    /** Filters start at the first page again. */
    change: (next: UsersState) =>
      void navigate({ search: (before) => ({ ...before, cursor: undefined, ...next }) }),
    search: (text: string) =>
      void navigate({
        search: (before) => ({ ...before, search: text || undefined, cursor: undefined }),
        replace: true,
      }),
    add: (open: boolean) => void navigate({ search: (before) => ({ ...before, add: open || undefined }) }),
    edit: (user: User | null) => void navigate({ search: (before) => ({ ...before, edit: user?.id }) }),
  };
}

function Users() {
  const me = useMe();
  const { state, change, search, add, edit } = useUsersAddress();
  const found = useUsersList(state);
  const mayAdd = may(me, "users.create");
  const filter = { ...filterOf(state, me.tenant.timeZone), ...given({ status: state.status }) };
  const total = found.counts?.[state.status ?? "all"];
  const selection = useSelection({ list: JSON.stringify(filter), total, shown: found.list.data?.items });
  return (
    <Page
      title="Users"
      actions={
        <Actions add={() => add(true)}>
          {may(me, "users.export") && <ExportMenu filter={filter} total={total} />}
        </Actions>
      }
      toolbar={<UsersToolbar state={state} counts={found.counts} change={change} search={search} />}
    >
      <UsersList
        found={found}
        state={state}
        change={change}
        onEdit={edit}
        selection={maySelect(me) ? selection : undefined}
        empty={
          state.group && !isNarrowed(state) ? (
            <Notice title="Nobody is in this group yet">Add people to it with Edit beside each user.</Notice>
          ) : (
            <Nobody add={mayAdd ? () => add(true) : undefined} />
          )
        }
      />
      <SelectionBar selection={selection} filter={filter} total={total} />
      {mayAdd && <AddUserPanel opened={state.add === true} onClose={() => add(false)} />}
      <EditUserPanel userId={state.edit} onClose={() => edit(null)} />
    </Page>
  );
}

function Actions({ add, children }: { add: () => void; children: ReactNode }) {
  const me = useMe();
  const navigate = route.useNavigate();
  const { tenant } = route.useParams();
  return (
    <>
      {children}
      <UsersMenu />
      {may(me, "imports.run") && (
        <Button
          variant="default"
          aria-keyshortcuts="i"
          onClick={() => void navigate({ to: "/t/$tenant/import", params: { tenant } })}
        >
          Import User
        </Button>
      )}
      {may(me, "users.create") && (
        <Button aria-keyshortcuts="n" onClick={add}>
          Add User
        </Button>
      )}
    </>
  );
}

const Nobody = ({ add }: { add: (() => void) | undefined }) => (
  <Notice
    title="No users yet"
    action={
      add && (
        <Button variant="default" onClick={add}>
          Add the first one
        </Button>
      )
    }
  >
    Add people one by one, or import a CSV file with all of them. Everybody gets an email that lets them sign
    in.
  </Notice>
);
