import { Button, CloseButton, Progress, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import {
  type BulkAction,
  cancelBulkAction,
  listBulkActions,
  undoBulkAction,
} from "#server/features/bulk-actions/contract.ts";
import { call } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { tellProblem } from "../ui/toast.ts";
import { usePatience } from "../ui/use-patience.ts";
import classes from "./bulk-banner.module.css";
import { nameOf, shownBanners } from "./shown-banners.ts";
import { atWork, detailsOf, whatHappens } from "./words.ts";

/** What you have started, asked for again while it runs: after turning the page or a reload it is still there. */
function useOwnActions() {
  const me = useMe();
  const tenant = useTenant();
  const patience = usePatience();
  const [dismissed, dismiss] = useLocalStorage<string[]>({ key: "muster.bulk.dismissed", defaultValue: [] });
  const { data } = useQuery({
    ...read(listBulkActions, { params: { tenant }, query: { limit: 5 } }),
    refetchInterval: ({ state }) => {
      const working = state.data?.items.filter(atWork) ?? [];
      return working.length > 0 && patience(working.map(nameOf).join());
    },
  });
  const own = (data?.items ?? []).filter((bulk) => bulk.startedBy.id === me.id);
  const shown = shownBanners(own, { dismissed, now: Date.now() });
  return { shown, dismiss: (bulk: BulkAction) => dismiss([nameOf(bulk), ...dismissed].slice(0, 50)) };
}

export function BulkBanner() {
  const { shown, dismiss } = useOwnActions();
  useFreshLists(shown.filter(atWork).length);
  return shown.map((bulk) => <Line key={bulk.id} bulk={bulk} dismiss={() => dismiss(bulk)} />);
}

/** Whenever an action ends, the lists it has changed are asked for again. */
function useFreshLists(working: number) {
  const before = useRef(working);
  useEffect(() => {
    if (working < before.current) void forget("users", "groups", "messages");
    before.current = working;
  }, [working]);
}

function Line({ bulk, dismiss }: { bulk: BulkAction; dismiss: () => void }) {
  const params = { tenant: useTenant(), bulkActionId: bulk.id };
  const line = useRef<HTMLElement>(null);
  const hasFocus = () => line.current?.contains(document.activeElement);
  const press = (endpoint: typeof cancelBulkAction | typeof undoBulkAction) =>
    void call(endpoint, { params })
      .then(() => {
        // The button goes; what comes of it stands here.
        if (hasFocus()) line.current?.focus({ preventScroll: true });
        return forget("bulk-actions");
      })
      .catch(tellProblem);
  const close = () => {
    if (hasFocus()) document.getElementById("content")?.focus({ preventScroll: true });
    dismiss();
  };
  const working = atWork(bulk);
  return (
    <section ref={line} tabIndex={-1} className={classes.line} aria-label="Bulk action">
      <div className={classes.words}>
        <Text size="sm" fw={500} role="status">
          {whatHappens(bulk)}
        </Text>
        <Text size="xs" c="dimmed" data-figures>
          {bulk.problem ?? detailsOf(bulk)}
        </Text>
        {working && <Progress value={doneOf(bulk)} size="sm" mt={4} aria-label="Progress" />}
      </div>
      <div className={classes.actions}>
        {bulk.state === "running" && (
          <Button variant="default" size="xs" onClick={() => press(cancelBulkAction)}>
            Cancel
          </Button>
        )}
        {bulk.canUndo && (
          <Button variant="default" size="xs" onClick={() => press(undoBulkAction)}>
            Undo
          </Button>
        )}
        {!working && (
          <>
            <Link className={classes.link} to="/t/$tenant/bulk-actions/$bulkActionId" params={params}>
              Who
            </Link>
            <CloseButton aria-label="Dismiss" onClick={close} />
          </>
        )}
      </div>
    </section>
  );
}

function doneOf({ state, people: all, changed, unchanged, refused, undone, kept }: BulkAction) {
  const [done, of] = state === "undoing" ? [undone + kept, changed] : [changed + unchanged + refused, all];
  return of === 0 ? 100 : (100 * done) / of;
}
