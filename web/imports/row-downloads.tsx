import {
  downloadProblemRows,
  downloadProblems,
  downloadProblemWorkbook,
  type Import,
} from "#server/features/imports/contract.ts";
import { address } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import classes from "./rows-list.module.css";

/** The rows to take home: those to mend, in the template's columns, and all of them with what became of each. */
export function RowDownloads({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  const { problem = 0, unknown_group = 0 } = found.counts;
  const link = (endpoint: Parameters<typeof address>[0], words: string) => (
    <a href={address(endpoint, { params })} download>
      {words}
    </a>
  );
  return (
    <div className={classes.downloads}>
      {problem + unknown_group > 0 && (
        <span>
          Download the problem rows as {link(downloadProblemRows, "CSV")} or{" "}
          {link(downloadProblemWorkbook, "Excel")}, mend them and choose that file again. People already
          imported are never made twice.
        </span>
      )}
      <span>{link(downloadProblems, "Download the full report")}</span>
    </div>
  );
}
