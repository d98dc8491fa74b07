import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Import, type ImportRow, listImportRows } from "#server/features/imports/contract.ts";
import { call, type Output } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { mailMoves, type Outcome } from "./outcomes.ts";

export type RowFilter = Outcome | "warnings" | "all";
type RowPage = Output<typeof listImportRows>;

const pageSize = 200;
const filterOf = (filter: RowFilter) =>
  filter === "all" ? {} : filter === "warnings" ? { warnings: "true" } : { outcome: filter };

/** Each state of an import has rows of its own: what is planned becomes what was done. */
const rowsKey = (found: Pick<Import, "id" | "state">) => ["imports", "rows", found.id, found.state] as const;

/** Rows of another filter may have changed; those on screen stay as they are until somebody leaves them. */
export const forgetOtherRows = (importId: string) =>
  queryClient.invalidateQueries({ queryKey: ["imports", "rows", importId], refetchType: "none" });

/**
 * The rows of a filter, of which only those in sight are read and kept up to date, however many there are. A page is known by
 * where the one before it ends, so that somebody who drags the scroll bar far down waits for the pages between.
 */
export function useRowPages(found: Import, filter: RowFilter) {
  const params = { tenant: useTenant(), importId: found.id };
  /** Where each page begins, as far as that is known; `end`: how many rows there are, once the last page was read. */
  const [{ cursors, end }, learn] = useState<{ cursors: readonly string[]; end?: number }>({ cursors: [""] });
  const [[first, last], see] = useState<readonly [number, number]>([0, 0]);
  const reach = Math.min(last, cursors.length - 1);
  const wanted = Array.from({ length: reach - Math.min(first, reach) + 1 }, (_, n) => reach - n).reverse();
  const keyOf = (page: number) => [...rowsKey(found), params.tenant, filter, cursors[page]] as const;

  const { refetch, error, pages } = useQueries({
    queries: wanted.map((page) => ({
      queryKey: keyOf(page),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(
          listImportRows,
          {
            params,
            query: {
              limit: pageSize,
              ...filterOf(filter),
              ...(cursors[page] ? { cursor: cursors[page] } : {}),
            },
          },
          signal,
        ),
      // Nobody's row moves while they type: what changes rows says so.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchInterval: mailMoves(found) ? (found.rows > 20_000 ? 10_000 : 2000) : (false as const),
    })),
    combine: (results) => ({
      pages: results.map((result) => result.data),
      error: results.find((result) => result.error && !result.data)?.error ?? null,
      refetch: () => Promise.all(results.filter((result) => result.error).map((result) => result.refetch())),
    }),
  });

  useMovedMail(found);
  const read = pages.map((page) => page && `${page.nextCursor} ${page.items.length}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` stands for the pages
  useEffect(() => {
    wanted.forEach((number, place) => {
      const page = pages[place];
      if (page) learn((before) => extend(before, number, page));
    });
  }, [read]);

  const pageAt = (page: number) => {
    const place = wanted.indexOf(page);
    if (place !== -1) return pages[place];
    return page < cursors.length ? queryClient.getQueryData<RowPage>(keyOf(page)) : undefined;
  };
  return {
    error,
    retry: refetch,
    /** How many rows are known to be there. */
    known: end ?? (cursors.length - 1) * pageSize,
    complete: end !== undefined,
    rowAt: (index: number) => pageAt(Math.floor(index / pageSize))?.items[index % pageSize],
    /** Tells which rows are in sight. */
    see: (from: number, to: number) => {
      const next = [Math.floor(from / pageSize), Math.floor(to / pageSize)] as const;
      if (next[0] !== first || next[1] !== last) see(next);
    },
    replace: (row: ImportRow) => {
      for (const page of cursors.keys())
        queryClient.setQueryData<RowPage>(keyOf(page), (before) => before && replaced(before, row));
    },
  };
}

/** Rows and counts are read at different moments: when the counts of emails have changed, the rows on screen are read again. */
function useMovedMail(found: Import) {
  const counts = JSON.stringify(found.messages);
  const before = useRef(counts);
  const { id, state } = found;
  useEffect(() => {
    if (before.current === counts) return;
    before.current = counts;
    void queryClient.invalidateQueries({ queryKey: rowsKey({ id, state }) });
  }, [counts, id, state]);
}

function extend(before: { cursors: readonly string[]; end?: number }, number: number, page: RowPage) {
  if (page.nextCursor === null)
    return { cursors: before.cursors.slice(0, number + 1), end: number * pageSize + page.items.length };
  if (before.cursors[number + 1] === page.nextCursor) return before;
  return { cursors: [...before.cursors.slice(0, number + 1), page.nextCursor] };
}

const same = (a: ImportRow, b: ImportRow) => a.fileNo === b.fileNo && a.rowNo === b.rowNo;

const replaced = (page: RowPage, row: ImportRow) =>
  page.items.some((one) => same(one, row))
    ? { ...page, items: page.items.map((one) => (same(one, row) ? row : one)) }
    : page;
