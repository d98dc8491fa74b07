import { Button, Checkbox } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type Import, listImports } from "#server/features/imports/contract.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
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
import { listing } from "../ui/words.ts";
import { importLooks, importResult } from "./import-looks.ts";
import classes from "./imports-page.module.css";
import { isMoving, onlyTried } from "./outcomes.ts";

const route = getRouteApi("/t/$tenant/frame/imports");

export const ImportsPage = () => (
  <Needs permission="imports.read">
    <Imports />
  </Needs>
);

function Imports() {
  const params = route.useParams();
  const { cursor, tried } = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const allowed = may(me, "imports.run");
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...read(listImports, { params, query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isMoving) ? 1000 : false),
  });
  const start = () => void navigate({ to: "/t/$tenant/import", params });
  const button = (
    <Button onClick={start} aria-keyshortcuts="i">
      Import User
    </Button>
  );
  const previous = usePreviousPage(() => void navigate({ search: tried ? { tried } : {} }));
  const show = (wanted: boolean) => void navigate({ search: { tried: wanted || undefined } });
  const next = data?.nextCursor;
  const items = tried ? data?.items : data?.items.filter((item) => !onlyTried(item));
  const empty = items?.length === 0;
  const anyTried = data?.items.some(onlyTried) || data?.nextCursor || cursor;
  return (
    <Page
      title="Imports"
      actions={
        <>
          {may(me, "imports.safety") && (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to="/t/$tenant/settings" params={params} hash="imports" {...props} />
              )}
            >
              Safety limits
            </Button>
          )}
          {allowed && button}
        </>
      }
      toolbar={
        (tried || anyTried) && (
          <Checkbox
            label="Show uploads that were never imported"
            checked={tried === true}
            onChange={(event) => show(event.currentTarget.checked)}
          />
        )
      }
    >
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {empty && (
        <Notice title={next || cursor ? "No imports on this page" : "No imports yet"}>
          An import makes users of the rows of a CSV file. Every import stays listed here with what became of
          each row.
        </Notice>
      )}
      {!(error && !data) && (
        <>
          {!empty && <ImportsTable items={items} stale={isPlaceholderData} />}
          {(!empty || next || cursor) && (
            <Pager
              summary=""
              previous={cursor ? previous : undefined}
              next={
                next ? () => void navigate({ search: (before) => ({ ...before, cursor: next }) }) : undefined
              }
            />
          )}
        </>
      )}
    </Page>
  );
}

const ImportsTable = ({ items, stale }: { items: readonly Import[] | undefined; stale: boolean }) => (
  <div className={table.wrap}>
    <table className={`${table.table} ${stale ? table.stale : ""}`} aria-label="Imports" aria-busy={!items}>
      <thead>
        <tr>
          <th className={classes.files}>Files</th>
          <th className={classes.state}>State</th>
          <th>Result</th>
          <th className={classes.by}>By</th>
          <th className={classes.when}>When</th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {items ? (
          items.map((item) => <ImportLine key={item.id} item={item} />)
        ) : (
          <SkeletonRows columns={5} rows={6} />
        )}
      </tbody>
    </table>
  </div>
);

function ImportLine({ item }: { item: Import }) {
  const { tenant } = route.useParams();
  const look = importLooks[item.state];
  const names = listing(item.files.map((file) => file.name)) || "no file";
  const by = item.startedBy ?? item.createdBy;
  return (
    <tr>
      <td className={classes.filesCell} title={names}>
        <Link to="/t/$tenant/imports/$importId" params={{ tenant, importId: item.id }} className={table.name}>
          {names}
        </Link>
      </td>
      <td className={classes.stateCell}>
        <StatusMark shape={look.shape} tone={look.tone}>
          {look.word}
        </StatusMark>
      </td>
      <td className={classes.resultCell} title={importResult(item)}>
        {importResult(item)}
      </td>
      <td className={`${table.dim} ${classes.byCell}`} title={by.name}>
        {by.name}
        {item.source && ` · ${item.source}`}
      </td>
      <td className={`${table.dim} ${classes.whenCell}`}>
        <When at={item.createdAt} />
      </td>
    </tr>
  );
}
