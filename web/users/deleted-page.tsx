import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { listDeletedUsers } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { count } from "../ui/words.ts";
import classes from "./deleted.module.css";
import { DeletedTable } from "./deleted-table.tsx";

export const DeletedPage = () => (
  <Needs permission="users.read">
    <Page title="Deleted users" back={<BackLink to="/t/$tenant/users" />}>
      <Deleted />
    </Page>
  </Needs>
);

function useDeleted() {
  const tenant = useTenant();
  return useInfiniteQuery({
    queryKey: ["users", listDeletedUsers.path, tenant],
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam ? { cursor: pageParam } : {};
      return call(listDeletedUsers, { params: { tenant }, query }, signal);
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Who can still be restored, the latest first. */
function Deleted() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeleted();
  const days = count(useMe().tenant.deletedDays, "day");
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  const users = data?.pages.flatMap((page) => page.items);
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
