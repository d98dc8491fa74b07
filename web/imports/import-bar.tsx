import { Button } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";
import { applyImport, getImport, type Import } from "#server/features/imports/contract.ts";
import { ApiProblem } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { people } from "../ui/words.ts";
import classes from "./import-bar.module.css";
import { verbOf } from "./outcomes.ts";

type Props = {
  found: Import | undefined;
  uploading: boolean;
  chooseFiles: RefObject<HTMLButtonElement | null>;
};

/** Why Import CSV would do nothing now; undefined where it would do something. */
function obstacle(found: Import | undefined, uploading: boolean): string | undefined {
  if (uploading) return "The files are still being uploaded. Import CSV works as soon as they are checked.";
  if (!found) return "Choose a file first. Nothing was imported.";
  if (found.state !== "checked")
    return "The files are still being checked. Import CSV works as soon as that is done.";
  if (found.toApply === 0)
    return "No row can be imported. Mend the problems in the file and choose it again.";
  return undefined;
}

/** Import CSV, always there and always pressable: it imports exactly what stands beside it, or says why it cannot. */
export function ImportBar({ found, uploading, chooseFiles }: Props) {
  const params = { tenant: useTenant(), importId: found?.id ?? "" };
  const apply = useCall(applyImport);
  const [said, say] = useState("");
  // What was said belongs to how things were then.
  const situation = `${uploading} ${found?.id} ${found?.state} ${found?.toApply}`;
  useEffect(() => {
    if (situation) say("");
  }, [situation]);

  const press = async () => {
    const reason = obstacle(found, uploading);
    if (reason) {
      say(reason);
      if (!found && !uploading) chooseFiles.current?.focus();
      return;
    }
    if (apply.isPending) return;
    try {
      const now = await apply.mutateAsync({ params });
      queryClient.setQueryData(read(getImport, { params }).queryKey, now);
      await forget("imports");
    } catch (problem) {
      say(problem instanceof ApiProblem ? problem.detail : "That did not work. Try again.");
    }
  };
  const ready = obstacle(found, uploading) === undefined && found !== undefined;
  return (
    <div className={classes.bar}>
      <p className={classes.said} role="alert">
        {said}
      </p>
      <p className={classes.number} data-figures>
        {!said && ready && `${people(found.toApply)} will be ${verbOf(found.files)}`}
      </p>
      <Button loading={apply.isPending} onClick={() => void press()}>
        Import CSV
      </Button>
    </div>
  );
}
