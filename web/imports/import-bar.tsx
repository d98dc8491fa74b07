import { Button } from "@mantine/core";
import { type RefObject, useEffect, useId, useState } from "react";
import { applyImport, type Import } from "#server/features/imports/contract.ts";
import { ApiProblem } from "../api.ts";
import { forget, isChanging, useCall } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { count } from "../ui/words.ts";
import classes from "./import-bar.module.css";
import { mailInShort } from "./mail-words.ts";
import { planInWords } from "./outcomes.ts";
import { SeatBelt } from "./seat-belt.tsx";
import { useImport } from "./use-import.ts";

type Props = {
  found: Import | undefined;
  uploading: boolean;
  /** Somebody wants to say at what time the emails go. */
  scheduling: boolean;
  chooseFiles: RefObject<HTMLButtonElement | null>;
};

/** Why Import CSV would do nothing now, whatever the plan; undefined where it goes by that. */
function obstacle({ found, uploading, scheduling }: Props): string | undefined {
  if (uploading) return "The files are still being uploaded. Import CSV works as soon as they are checked.";
  if (!found) return "Choose a file first. Nothing was imported.";
  if (found.state !== "checked")
    return "The files are still being checked. Import CSV works as soon as that is done.";
  if (scheduling && isTimeMissing(found))
    return "Say at what time the emails go, or choose otherwise. Nothing was imported.";
  return undefined;
}

const stillSaving =
  "What you chose last is still being saved. Look at the plan, then press Import CSV. Nothing was imported.";

const isTimeMissing = ({ emails, mail }: Import) => emails > 0 && mail.when !== "schedule";

/**
 * Import CSV, always there: it carries out exactly the plan beside it, or says why it cannot. Where nothing would change, that
 * stands beside it beforehand; the button then says that it does nothing, and keeps its place among the stops of the Tab key.
 */
export function ImportBar(props: Props) {
  const { found, uploading, scheduling, chooseFiles } = props;
  const { params, show } = useImport(found?.id ?? "");
  const apply = useCall(applyImport);
  const { mailKept } = useMe();
  const beside = useId();
  const [said, say] = useState("");
  const [asked, ask] = useState(false);
  // What was said belongs to how things were then.
  const situation = `${uploading} ${found?.id} ${found?.state} ${found?.planHash} ${scheduling}`;
  useEffect(() => {
    if (situation) say("");
  }, [situation]);

  const start = async (confirmation?: string) => {
    if (apply.isPending || !found) return;
    const body = { planHash: found.planHash ?? "none", ...(confirmation ? { confirmation } : {}) };
    await show(await apply.mutateAsync({ params, body }));
  };
  const press = async () => {
    const why = obstacle(props) ?? (isChanging("imports") ? stillSaving : found?.obstacle?.message);
    if (why) {
      say(why);
      if (!found && !uploading) chooseFiles.current?.focus();
      return;
    }
    if (found?.seatBelt && planInWords(found)) return ask(true);
    try {
      await start();
    } catch (problem) {
      // The plan on screen may no longer be the plan: what there is now is shown beside what was said.
      await forget("imports");
      say(problem instanceof ApiProblem ? problem.detail : "That did not work. Try again.");
    }
  };
  const plan = !obstacle({ ...props, scheduling: false }) && found ? planInWords(found) : "";
  const mail =
    found && scheduling && isTimeMissing(found)
      ? `${count(found.emails, "email")} at a time yet to be said`
      : found && mailInShort(found, mailKept);
  const reason = uploading || found?.state !== "checked" ? undefined : found.obstacle;
  // Nothing in the files can be mended or waits for something: pressing would not do anything whatever is done before.
  const settled = reason?.reason === "nothing_changes";
  return (
    <div className={classes.bar}>
      <p className={settled ? classes.number : classes.said} role="alert">
        {said}
      </p>
      <p className={classes.number} id={beside} data-figures>
        {!said && (reason?.message ?? [plan, plan && mail].filter(Boolean).join(" · "))}
      </p>
      <Button
        loading={apply.isPending}
        variant={settled ? "default" : "filled"}
        aria-disabled={settled || undefined}
        aria-describedby={beside}
        onClick={() => void press()}
      >
        Import CSV
      </Button>
      {asked && found?.seatBelt && (
        <SeatBelt belt={found.seatBelt} onConfirm={start} onClose={() => ask(false)} />
      )}
    </div>
  );
}
