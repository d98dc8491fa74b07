import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { downloadProblems, type Import, listImportRows } from "#server/features/imports/contract.ts";
import { address, call } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { Chips } from "../ui/chips.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { isMoving, lookOf, type Outcome, outcomesOf } from "./outcomes.ts";
import classes from "./review.module.css";
import { RowsTable } from "./rows-table.tsx";

const route = getRouteApi("/t/$tenant/frame/imports/$importId");

/** The rows of one outcome, more of them on demand: a file may have a million. */
function useRows(found: Import, outcome: Outcome | undefined) {
  const params = { tenant: useTenant(), importId: found.id };
  return useInfiniteQuery({
    // What is read depends on where the import stands: each step has its own rows.
    queryKey: ["imports", "rows", params, outcome, found.state, found.createMissingGroups] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        listImportRows,
        { params, query: { ...(outcome ? { outcome } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    enabled: outcome !== undefined && !isMoving(found),
  });
}

export function RowsList({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  const outcomes = outcomesOf(found);
  const { rows: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const outcome = outcomes.find((one) => one === asked) ?? outcomes[0];
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useRows(found, outcome);
  if (!outcome) return null;
  return (
    <>
      <Group justify="space-between" gap="xs" className={classes.filter ?? ""}>
        <Chips
          label="Outcome"
          chosen={outcome}
          onChoose={(rows) => void navigate({ search: { rows }, replace: true })}
          chips={outcomes.map((value) => ({
            value,
            label: lookOf(value, found).word,
            count: found.counts[value],
          }))}
        />
        <Button
          component="a"
          href={address(downloadProblems, { params })}
          download
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={14} />}
        >
          Download all rows as CSV
        </Button>
      </Group>
      {error && !data ? (
        <LoadFailed problem={error} retry={refetch} />
      ) : (
        <RowsTable rows={data?.pages.flatMap((page) => page.items)} found={found} outcome={outcome} />
      )}
      {hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show more rows
        </Button>
      )}
    </>
  );
}
