import { Button, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import {
  type BulkAction,
  getBulkAction,
  listBulkActionPeople,
} from "#server/features/bulk-actions/contract.ts";
import { call } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { BackLink } from "../ui/back-link.tsx";
import { Chips } from "../ui/chips.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import table from "../ui/table.module.css";
import { When } from "../ui/when.tsx";
import { PersonRow } from "./person-row.tsx";
import { UndoAction } from "./undo-action.tsx";
import { atWork, whatHappens } from "./words.ts";

const route = getRouteApi("/t/$tenant/frame/bulk-actions/$bulkActionId");

export const BulkActionPage = () => (
  <Needs permission="users.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const params = route.useParams();
  const { data, error, refetch } = useQuery({
    ...read(getBulkAction, { params }),
    refetchInterval: ({ state }) => (state.data && atWork(state.data) ? 1000 : false),
  });
  return (
    <Page
      title={data ? whatHappens(data) : "Bulk action"}
      back={<BackLink to="/t/$tenant/bulk-actions" />}
      aside={
        data && (
          <Text c="dimmed">
            By {data.startedBy.name ?? "somebody erased"}, <When at={data.startedAt} />
          </Text>
        )
      }
      actions={data && <UndoAction bulk={data} />}
      toolbar={data && <Outcomes bulk={data} />}
    >
      {error && <LoadFailed problem={error} retry={refetch} />}
      {data?.problem && (
        <Text c="dimmed" px={{ base: "md", sm: "lg" }} pb="sm">
          {data.problem}
        </Text>
      )}
      {data && <People bulk={data} />}
    </Page>
  );
}

function Outcomes({ bulk }: { bulk: BulkAction }) {
  const { outcome = "changed" } = route.useSearch();
  const navigate = route.useNavigate();
  const chip = (value: typeof outcome, label: string) => ({ value, label, count: bulk[value] });
  return (
    <Chips
      label="Outcome"
      chosen={outcome}
      onChoose={(next) => void navigate({ search: { outcome: next } })}
      chips={[
        chip("changed", "Changed"),
        chip("unchanged", "Unchanged"),
        chip("refused", "Left alone"),
        ...(bulk.undone + bulk.kept > 0 ? [chip("undone", "Undone"), chip("kept", "Not undone")] : []),
      ]}
    />
  );
}

function People({ bulk }: { bulk: BulkAction }) {
  const params = route.useParams();
  const { outcome = "changed" } = route.useSearch();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["bulk-actions", "people", params, outcome, bulk.state],
    queryFn: ({ pageParam, signal }) =>
      call(
        listBulkActionPeople,
        { params, query: { outcome, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
  if (error) return <LoadFailed problem={error} retry={refetch} />;
  const hasReasons = outcome === "refused" || outcome === "kept";
  const found = data?.pages.flatMap(({ items }) => items);
  if (found?.length === 0) return <Notice title="Nobody">There is nobody with this outcome.</Notice>;
  return (
    <div className={table.wrap}>
      <table className={table.table} aria-label="People">
        <thead>
          <tr>
            <th>Name</th>
            <th>Email</th>
            {hasReasons && <th>Why</th>}
          </tr>
        </thead>
        <tbody>
          {found ? (
            found.map((person) => <PersonRow key={person.userId} person={person} hasReasons={hasReasons} />)
          ) : (
            <SkeletonRows columns={hasReasons ? 3 : 2} />
          )}
        </tbody>
      </table>
      {hasNextPage && (
        <Button m="md" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}
