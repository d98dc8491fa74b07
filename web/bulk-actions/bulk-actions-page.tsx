import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type BulkAction, listBulkActions } from "#server/features/bulk-actions/contract.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Pager } from "../ui/pager.tsx";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import table from "../ui/table.module.css";
import { usePreviousPage } from "../ui/use-previous-page.ts";
import { When } from "../ui/when.tsx";
import { given } from "../users/users-state.ts";
import classes from "./bulk-actions-page.module.css";
import { type BulkFilter, BulkFilters } from "./bulk-filters.tsx";
import { bulkLooks } from "./bulk-looks.ts";
import { atWork, detailsOf, whatHappens } from "./words.ts";

const route = getRouteApi("/t/$tenant/frame/bulk-actions");

export const BulkActionsPage = () => (
  <Needs permission="users.read">
    <BulkActions />
  </Needs>
);

/** What was done to many people at once, by whom, and the way to who that was and to undoing it. */
function BulkActions() {
  const params = route.useParams();
  const { cursor, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const { action, state, by } = filter;
  const query = { ...given({ action, state, startedBy: by, cursor }), limit: 50 };
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...read(listBulkActions, { params, query }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(atWork) ? 1000 : false),
  });
  const previous = usePreviousPage(() => void navigate({ search: filter }));
  /** Filters start at the first page again. */
  const change = (next: BulkFilter) => void navigate({ search: { ...filter, ...next } });
  const filtered = Object.values(filter).some(Boolean);
  const empty = data?.items.length === 0 && !isPlaceholderData;
  const next = data?.nextCursor;
  return (
    <Page
      title="Bulk actions"
      back={<BackLink to="/t/$tenant/users" />}
      toolbar={
        (filtered || !empty) && <BulkFilters filter={filter} change={change} items={data?.items ?? []} />
      }
    >
      {error && !data ? (
        <LoadFailed problem={error} retry={refetch} />
      ) : empty ? (
        <Nothing showAll={filtered || cursor ? () => void navigate({ search: {} }) : undefined} />
      ) : (
        <BulkTable items={data?.items} stale={isPlaceholderData} />
      )}
      <Pager
        summary=""
        previous={cursor ? previous : undefined}
        next={next ? () => void navigate({ search: { ...filter, cursor: next } }) : undefined}
      />
    </Page>
  );
}

const Nothing = ({ showAll }: { showAll: (() => void) | undefined }) =>
  showAll ? (
    <Notice
      title="No bulk action matches"
      action={
        <Button variant="default" onClick={showAll}>
          Show all bulk actions
        </Button>
      }
    >
      The filters leave none.
    </Notice>
  ) : (
    <Notice title="No bulk actions yet">
      Tick people in the list of users, then choose what to do with all of them. What was done, to whom and by
      whom stands here, and can be undone here.
    </Notice>
  );

const BulkTable = ({ items, stale }: { items: readonly BulkAction[] | undefined; stale: boolean }) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Bulk actions"
      aria-busy={!items || stale}
    >
      <thead>
        <tr>
          <th className={classes.what}>What</th>
          <th className={classes.state}>State</th>
          <th>Others</th>
          <th className={classes.by}>By</th>
          <th className={classes.when}>When</th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {items ? (
          items.map((bulk) => <BulkRow key={bulk.id} bulk={bulk} />)
        ) : (
          <SkeletonRows columns={5} rows={6} />
        )}
      </tbody>
    </table>
  </div>
);

function BulkRow({ bulk }: { bulk: BulkAction }) {
  const { tenant } = route.useParams();
  const { shape, tone, word } = bulkLooks[bulk.state];
  const what = whatHappens(bulk);
  const beside = bulk.problem ?? detailsOf(bulk);
  const by = bulk.startedBy.name ?? "Somebody erased";
  return (
    <tr>
      <td className={classes.whatCell} title={what}>
        <Link
          to="/t/$tenant/bulk-actions/$bulkActionId"
          params={{ tenant, bulkActionId: bulk.id }}
          className={table.name}
        >
          {what}
        </Link>
      </td>
      <td className={classes.stateCell}>
        <StatusMark shape={shape} tone={tone}>
          {word}
        </StatusMark>
      </td>
      <td className={`${table.dim} ${table.phoneHidden}`} title={beside}>
        {beside}
      </td>
      <td className={`${table.dim} ${classes.byCell}`} title={by}>
        {by}
      </td>
      <td className={`${table.dim} ${classes.whenCell}`}>
        <When at={bulk.startedAt} />
      </td>
    </tr>
  );
}
