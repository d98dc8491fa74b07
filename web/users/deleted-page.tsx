import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listDeletedUsers } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { count } from "../ui/words.ts";
import classes from "./deleted.module.css";
import { DeletedTable } from "./deleted-table.tsx";

export function DeletedPage() {
  const [search, setSearch] = useState("");
  return (
    <Needs permission="users.read">
      <Page
        title="Deleted users"
        back={<BackLink to="/t/$tenant/users" />}
        toolbar={<SearchField label="Search deleted users" value={search} onSearch={setSearch} />}
      >
        <Deleted search={search} />
      </Page>
    </Needs>
  );
}

function useDeleted(search: string) {
  const tenant = useTenant();
  return useInfiniteQuery({
    queryKey: ["users", listDeletedUsers.path, tenant, search],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...(search && { search }), ...(pageParam && { cursor: pageParam }) };
      return call(listDeletedUsers, { params: { tenant }, query }, signal);
    },
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Who can still be restored, the latest first. */
function Deleted({ search }: { search: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeleted(search);
  const days = count(useMe().tenant.deletedDays, "day");
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  const users = data?.pages.flatMap((page) => page.items);
  if (users?.length === 0 && search) {
    return (
      <Notice title="Nobody matches">
        Nobody who was deleted in the last {days} has that in their name or address.
      </Notice>
    );
  }
  if (users?.length === 0) {
    return (
      <Notice title="Nobody has been deleted">
        Whoever you delete stands here for {days} and can be restored. After that everything about them is
        erased.
      </Notice>
    );
  }
  return (
    <>
      <p className={classes.intro}>
        Restoring brings somebody back with their role, groups and password. When their days are over,
        everything personal about them is erased.
      </p>
      <DeletedTable users={users} />
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
