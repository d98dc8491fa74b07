import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Group, listGroups } from "#server/features/groups/contract.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Pager } from "../ui/pager.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { usePreviousPage } from "../ui/use-previous-page.ts";
import { count } from "../ui/words.ts";
import { GroupPanel } from "./group-panel.tsx";
import { GroupsTable } from "./groups-table.tsx";

const route = getRouteApi("/t/$tenant/frame/groups");

export const GroupsPage = () => (
  <Needs permission="groups.read">
    <Groups />
  </Needs>
);

function Groups() {
  const state = route.useSearch();
  const navigate = route.useNavigate();
  const mayCreate = may(useMe(), "groups.create");
  const open = (next: { add?: true | undefined; edit?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, add: undefined, edit: undefined, ...next }) });
  const search = (text: string) =>
    void navigate({
      search: (before) => ({ ...before, search: text || undefined, cursor: undefined }),
      replace: true,
    });
  return (
    <Page
      title="Groups"
      actions={mayCreate && <Button onClick={() => open({ add: true })}>Create Group</Button>}
      toolbar={<SearchField label="Search groups" value={state.search ?? ""} onSearch={search} />}
    >
      <GroupsList
        search={state.search}
        cursor={state.cursor}
        onEdit={(group) => open({ edit: group.id })}
        onCreate={mayCreate ? () => open({ add: true }) : undefined}
      />
      {mayCreate && <GroupPanel opened={state.add === true} onClose={() => open({})} />}
      <GroupPanel opened={state.edit !== undefined} groupId={state.edit} onClose={() => open({})} />
    </Page>
  );
}

type ListProps = {
  search: string | undefined;
  cursor: string | undefined;
  onEdit: (group: Group) => void;
  onCreate: (() => void) | undefined;
};

function GroupsList({ search, cursor, onEdit, onCreate }: ListProps) {
  const params = route.useParams();
  const navigate = route.useNavigate();
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...read(listGroups, { params, query: { ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) } }),
    placeholderData: keepPreviousData,
  });
  const { nextCursor } = data ?? {};
  const previous = usePreviousPage(
    () => void navigate({ search: (before) => ({ ...before, cursor: undefined }) }),
  );
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (data?.items.length === 0 && !isPlaceholderData) {
    return search ? (
      <Notice title="No group matches">No group's name has “{search}” in it.</Notice>
    ) : (
      <Notice
        title="No groups yet"
        action={
          onCreate && (
            <Button variant="default" onClick={onCreate}>
              Create the first one
            </Button>
          )
        }
      >
        A group says what people belong to: a department, a class, a project. You can also create groups while
        adding or importing users.
      </Notice>
    );
  }
  const shown = data?.items.length ?? 0;
  return (
    <>
      <GroupsTable groups={data?.items} stale={isPlaceholderData} onEdit={onEdit} />
      <Pager
        summary={data && !nextCursor && !cursor ? count(shown, "group") : ""}
        previous={cursor ? previous : undefined}
        next={
          nextCursor
            ? () => void navigate({ search: (before) => ({ ...before, cursor: nextCursor }) })
            : undefined
        }
      />
    </>
  );
}
