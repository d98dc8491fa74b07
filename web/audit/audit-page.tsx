import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { exportAuditCsv, exportAuditJson, listAudit } from "#server/features/audit/contract.ts";
import { address } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { useTimeZone } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Pager } from "../ui/pager.tsx";
import { usePreviousPage } from "../ui/use-previous-page.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { type AuditState, auditQuery, isFiltered } from "./audit-state.ts";
import { AuditTable } from "./audit-table.tsx";

const route = getRouteApi("/t/$tenant/frame/audit");

export const AuditPage = () => (
  <Needs permission="audit.read">
    <Audit />
  </Needs>
);

function Audit() {
  const params = route.useParams();
  const state = route.useSearch();
  const navigate = route.useNavigate();
  const timeZone = useTimeZone();
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...read(listAudit, {
      params,
      query: { ...auditQuery(state, timeZone), limit: 50, ...(state.cursor ? { cursor: state.cursor } : {}) },
    }),
    placeholderData: keepPreviousData,
    // What was done a second ago is what somebody comes here for.
    staleTime: 0,
  });
  /** Filters start at the newest again. */
  const filter = (next: AuditState) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, open: undefined, ...next }) });
  const show = () => void navigate({ search: {} });
  const previous = usePreviousPage(() => filter({}));
  const next = data?.nextCursor;
  return (
    <Page
      title="Audit"
      actions={
        <>
          {isFiltered(state) && (
            <Button variant="subtle" onClick={show}>
              Clear filters
            </Button>
          )}
          <Export state={state} />
        </>
      }
      toolbar={<AuditFilters state={state} change={filter} events={data?.items ?? []} />}
    >
      {error && !data ? (
        <LoadFailed problem={error} retry={state.cursor ? () => filter({}) : refetch} />
      ) : data?.items.length === 0 && !isPlaceholderData ? (
        <Nothing filtered={isFiltered(state)} show={show} />
      ) : (
        <AuditTable
          events={data?.items}
          stale={isPlaceholderData}
          open={state.open}
          onOpen={(open) =>
            void navigate({ search: (before) => ({ ...before, open }), replace: true, resetScroll: false })
          }
          onFilter={filter}
        />
      )}
      <Pager
        summary=""
        previous={state.cursor ? previous : undefined}
        next={
          next
            ? () => void navigate({ search: (before) => ({ ...before, open: undefined, cursor: next }) })
            : undefined
        }
      />
    </Page>
  );
}

function Nothing({ filtered, show }: { filtered: boolean; show: () => void }) {
  if (!filtered)
    return (
      <Notice title="Nothing has been recorded yet">
        Every change and every sign-in is listed here: who, what, whom, when, from where, before and after.
      </Notice>
    );
  return (
    <Notice
      title="Nothing matches"
      action={
        <Button variant="default" onClick={show}>
          Show everything
        </Button>
      }
    >
      Nothing that was recorded fits all of these filters. Take one off, or choose a longer time.
    </Notice>
  );
}

/** What is on the screen as a file: all pages of it. */
function Export({ state }: { state: AuditState }) {
  const params = route.useParams();
  const query = auditQuery(state, useTimeZone());
  const files = [
    { label: "As CSV, for a spreadsheet", endpoint: exportAuditCsv },
    { label: "As JSON, for a program", endpoint: exportAuditJson },
  ];
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {isFiltered(state) ? "Export what matches" : "Export"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ label, endpoint }) => (
          <Menu.Item key={label} component="a" download href={address(endpoint, { params, query })}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
