import { Alert, Button, Progress, Text } from "@mantine/core";
import { useState } from "react";
import { cancelImport, type Import } from "#server/features/imports/contract.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { duration } from "../ui/time.ts";
import { number, people } from "../ui/words.ts";
import { Band } from "./band.tsx";
import classes from "./review.module.css";

/** Step two while the import runs: how far, how fast, how long yet. The work goes on without this page. */
export function ProgressBand({ found, unreachable }: { found: Import; unreachable: boolean }) {
  const params = { tenant: useTenant(), importId: found.id };
  const cancel = useCall(cancelImport);
  const [asked, ask] = useState(false);
  const allowed = may(useMe(), "imports.run");
  const undoing = found.state === "undoing";
  const left = undoing ? leftToUndo(found) : found.toApply;
  const all = found.applied + left;
  return (
    <Band {...(undoing ? {} : { number: 2 as const })} title={undoing ? "Undoing" : "Importing"}>
      <div className={classes.running}>
        {found.trouble && (
          <Alert color="amber" role="status" mb="sm">
            {found.trouble}
          </Alert>
        )}
        <Text mb="xs" role="status" data-figures>
          {unreachable
            ? "No connection to Muster. Trying again."
            : `${number(found.applied)} of ${people(all)} done. ${pace(found)}`}
        </Text>
        <Progress
          size="lg"
          value={all === 0 ? 0 : (found.applied / all) * 100}
          aria-label={undoing ? "Undo" : "Import"}
          transitionDuration={900}
        />
        <div className={classes.runningFoot}>
          <Text size="xs" c="dimmed">
            {unreachable
              ? `${number(found.applied)} of ${people(all)} were done at the last answer. If Muster was stopped, the import goes on where it was when it is back.`
              : "You can close this page: the work goes on, and this address shows how far it is."}
          </Text>
          {allowed && !unreachable && !undoing && (
            <Button variant="default" size="xs" onClick={() => ask(true)}>
              Cancel
            </Button>
          )}
        </div>
      </div>
      {asked && (
        <ConfirmDialog
          title="Stop this import?"
          verb="Stop the import"
          onClose={() => ask(false)}
          onConfirm={async () => {
            await cancel.mutateAsync({ params });
            await forget("imports");
          }}
        >
          Whoever is imported by then stays, with their email. The rest, about {people(left)}, is not
          imported.
        </ConfirmDialog>
      )}
    </Band>
  );
}

const leftToUndo = ({ counts }: Import) =>
  (counts.created ?? 0) + (counts.invited ?? 0) + (counts.suspended ?? 0) + (counts.updated ?? 0);

function pace({ progress, applied: done }: Import): string {
  if (!progress || done === 0) return "";
  const left = progress.secondsLeft === null ? "" : `, ${duration(progress.secondsLeft)} left`;
  return `${number(Math.max(1, Math.round(progress.perSecond)))} a second${left}.`;
}
