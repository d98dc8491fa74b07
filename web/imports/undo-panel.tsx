import { Button, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
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
import { count, number, people } from "../ui/words.ts";
import classes from "./review.module.css";
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
    <ConfirmDialog title="Undo this import?" verb="Undo import" danger onClose={onClose} onConfirm={confirm}>
      {error && <LoadFailed problem={error} retry={refetch} />}
      {!plan && !error && <Text c="dimmed">Looking at what has changed since.</Text>}
      {plan && (
        <>
          <ul className={classes.plan}>
            {effects(plan).map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
          {plan.conflicts.length > 0 && <Conflicts found={found} plan={plan} />}
        </>
      )}
    </ConfirmDialog>
  );
}

function effects({
  erase,
  restore,
  withdraw,
  removeGroups,
  reactivate,
  welcomes,
  keptLeavers,
}: UndoPlan): string[] {
  const lines = [
    ...(erase > 0
      ? [
          `${people(erase)} who ${erase === 1 ? "has" : "have"} not signed in ${erase === 1 ? "is" : "are"} erased; the addresses are free again.`,
          "Links and passwords in emails they have got do not work any more.",
        ]
      : []),
    ...(restore > 0
      ? [`${people(restore)} ${restore === 1 ? "gets" : "get"} the old name, language and groups back.`]
      : []),
    ...(withdraw > 0
      ? [`${count(withdraw, "email")} not sent yet ${withdraw === 1 ? "is" : "are"} withdrawn.`]
      : []),
    ...(removeGroups > 0
      ? [
          `${count(removeGroups, "group")} made by it and then empty ${removeGroups === 1 ? "is" : "are"} deleted.`,
        ]
      : []),
    ...(reactivate > 0
      ? [`${people(reactivate)} suspended as missing ${reactivate === 1 ? "is" : "are"} let in again.`]
      : []),
    ...(welcomes.atOnce > 0
      ? [
          `${people(welcomes.atOnce)} of them never got ${welcomes.atOnce === 1 ? "a" : "their"} first email, and ${welcomes.atOnce === 1 ? "gets" : "get"} it at once.`,
        ]
      : []),
    ...(welcomes.waiting > 0
      ? [
          `${count(welcomes.waiting, "first email")} to them ${welcomes.waiting === 1 ? "waits" : "wait"} again, held or until ${welcomes.waiting === 1 ? "its" : "their"} time.`,
        ]
      : []),
    ...(keptLeavers > 0
      ? [
          `${people(keptLeavers)} an earlier import was to suspend, found again in this file, ${keptLeavers === 1 ? "stays" : "stay"}.`,
        ]
      : []),
  ];
  return lines.length > 0 ? lines : ["There is nothing left that could be undone."];
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
                <Link to="/t/$tenant/users/$userId" params={{ tenant, userId: row.userId }}>
                  {row.email}
                </Link>
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
