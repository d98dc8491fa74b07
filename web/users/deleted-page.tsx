import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { countDeletedUsers, erasedSoonDays, listDeletedUsers } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { read, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { atMostWritten } from "../ui/at-most.ts";
import { BackLink } from "../ui/back-link.tsx";
import { Chips } from "../ui/chips.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { count } from "../ui/words.ts";
import classes from "./deleted.module.css";
import type { DeletedState } from "./deleted-state.ts";
import { DeletedTable } from "./deleted-table.tsx";
import { given } from "./users-state.ts";

const route = getRouteApi("/t/$tenant/frame/users/deleted");

export function DeletedPage() {
  const state = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: DeletedState, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace });
  return (
    <Needs permission="users.read">
      <Page
        title="Deleted users"
        back={<BackLink to="/t/$tenant/users" />}
        toolbar={
          <>
            <SearchField
              label="Search deleted users"
              value={state.search ?? ""}
              onSearch={(search) => change({ search: search || undefined }, true)}
            />
            <SoonChips state={state} change={change} />
          </>
        }
      >
        <Deleted state={state} change={change} />
      </Page>
    </Needs>
  );
}

type Props = { state: DeletedState; change: (next: DeletedState) => void };

/** All of them, or those whose days are nearly over: these come with whoever goes first on top. */
function SoonChips({ state: { search, soon }, change }: Props) {
  const params = { tenant: useTenant() };
  const { data } = useQuery({
    ...read(countDeletedUsers, { params, query: given({ search }) }),
    placeholderData: keepPreviousData,
  });
  return (
    <Chips
      label="Erased when"
      chosen={soon && "soon"}
      onChoose={(chosen) =>
        change(chosen ? { soon: true, sort: "erase" } : { soon: undefined, sort: undefined })
      }
      chips={[
        { value: undefined, label: "All", count: data && atMostWritten(data.all, data.atMost) },
        {
          value: "soon",
          label: `Erased within ${count(erasedSoonDays, "day")}`,
          count: data && atMostWritten(data.soon, data.atMost),
        },
      ]}
    />
  );
}

function useDeleted({ search, soon, sort }: DeletedState) {
  const tenant = useTenant();
  const asked = given({ search, soon: soon && ("true" as const), sort });
  return useInfiniteQuery({
    queryKey: ["users", listDeletedUsers.path, tenant, asked],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...asked, ...(pageParam && { cursor: pageParam }) };
      return call(listDeletedUsers, { params: { tenant }, query }, signal);
    },
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Who can still be restored. */
function Deleted({ state, change }: Props) {
  const found = useDeleted(state);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = found;
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  const users = data?.pages.flatMap((page) => page.items);
  if (users?.length === 0 && !found.isPlaceholderData) return <NobodyDeleted state={state} change={change} />;
  return (
    <>
      <p className={classes.intro}>
        Restoring brings somebody back with their role, groups and password. When their days are over,
        everything personal about them is erased.
      </p>
      <DeletedTable
        users={users}
        sort={state.sort ?? "-deleted"}
        stale={found.isPlaceholderData}
        onSort={(sort) => change({ sort: sort === "-deleted" ? undefined : sort })}
      />
      {hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function NobodyDeleted({ state: { search, soon }, change }: Props) {
  const days = count(useMe().tenant.deletedDays, "day");
  if (!search && !soon) {
    return (
      <Notice title="Nobody has been deleted">
        Whoever you delete stands here for {days} and can be restored. After that everything about them is
        erased.
      </Notice>
    );
  }
  return (
    <Notice
      title="Nobody matches"
      action={
        <Button
          variant="default"
          onClick={() => change({ search: undefined, soon: undefined, sort: undefined })}
        >
          Show everybody
        </Button>
      }
    >
      {search
        ? `Nobody who was deleted in the last ${days} has that in their name or address`
        : "Nobody is erased"}
      {soon ? `${search ? " and is erased" : ""} within ${count(erasedSoonDays, "day")}.` : "."}
    </Notice>
  );
}
