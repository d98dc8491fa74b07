import { Button, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  type Import,
  listUndoConflicts,
  planUndo,
  type UndoPlan,
  undoImport,
} from "#server/features/imports/contract.ts";
import { ApiProblem, call } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { number } from "../ui/words.ts";
import classes from "./review.module.css";
import { undoEffects } from "./undo-effects.ts";
import { useImport } from "./use-import.ts";

/** Undo is a plan first: what goes, what comes back, and what changed since and stays. */
export function UndoPanel({ found, onClose }: { found: Import; onClose: () => void }) {
  const { params, show } = useImport(found.id);
  const { data: plan, error, refetch } = useQuery({ ...read(planUndo, { params }), staleTime: 0, gcTime: 0 });
  const undo = useCall(undoImport);
  const confirm = async () => {
    if (!plan) throw new ApiProblem({ status: 0, code: "wait", detail: "Wait until you see what happens." });
    try {
      await show(await undo.mutateAsync({ params, body: { planHash: plan.hash } }));
    } catch (problem) {
      await refetch();
      throw problem;
    }
  };
  return (
    <ConfirmDialog
      title={found.state === "undo_stopped" ? "Undo the rest of this import?" : "Undo this import?"}
      verb={found.state === "undo_stopped" ? "Undo the rest" : "Undo import"}
      danger
      onClose={onClose}
      onConfirm={confirm}
    >
      {error && <LoadFailed problem={error} retry={refetch} />}
      {!plan && !error && <Text c="dimmed">Looking at what has changed since.</Text>}
      {plan && (
        <>
          <ul className={classes.plan}>
            {undoEffects(plan).map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
          {plan.conflicts.length > 0 && <Conflicts found={found} plan={plan} />}
        </>
      )}
    </ConfirmDialog>
  );
}

function Conflicts({ found, plan }: { found: Import; plan: UndoPlan }) {
  const tenant = useTenant();
  const params = { tenant, importId: found.id };
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["imports", "conflicts", params, plan.hash],
    queryFn: ({ pageParam, signal }) =>
      call(
        listUndoConflicts,
        { params, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
  });
  return (
    <>
      <Text fw={500} size="sm">
        Left alone
      </Text>
      <ul className={classes.plan}>
        {plan.conflicts.map(({ code, rows, message }) => (
          <li key={code}>
            {number(rows)}: {message}
          </li>
        ))}
      </ul>
      <ul className={classes.conflicts} aria-label="People left alone">
        {data?.pages
          .flatMap((page) => page.items)
          .map((row) => (
            <li key={`${row.fileNo}:${row.rowNo}`} title={row.message}>
              {row.userId ? (
                <TextLink size="xs" to="/t/$tenant/users/$userId" params={{ tenant, userId: row.userId }}>
                  {row.email}
                </TextLink>
              ) : (
                row.email
              )}
              , row {number(row.rowNo)}
            </li>
          ))}
      </ul>
      {hasNextPage && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
