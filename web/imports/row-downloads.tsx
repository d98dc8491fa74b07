import {
  downloadProblemRows,
  downloadProblemWorkbook,
  downloadReport,
  downloadReportWorkbook,
  type Import,
} from "#server/features/imports/contract.ts";
import { address } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import classes from "./rows-list.module.css";

/** The rows to take home: those to mend, in the template's columns, and all of them with what became of each. */
export function RowDownloads({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  const { problem = 0, unknown_group = 0 } = found.counts;
  /** `what` tells the links of one name apart for whoever hears them out of their sentence. */
  const link = (
    endpoint: Parameters<typeof address>[0],
    what: string,
    words: "CSV" | "Excel",
    query = {},
  ) => (
    <a href={address(endpoint, { params, query })} download aria-label={`${what} as ${words}`}>
      {words}
    </a>
  );
  // A file either creates or invites: of an import that does both, each has its own to choose again.
  const kinds = [...new Set(found.files.flatMap(({ kind }) => kind ?? []))];
  const problemLinks = (what: string, query = {}) => (
    <>
      {link(downloadProblemRows, what, "CSV", query)} or {link(downloadProblemWorkbook, what, "Excel", query)}
    </>
  );
  return (
    <div className={classes.downloads}>
      {problem + unknown_group > 0 && (
        <span>
          {kinds.length > 1 ? (
            <>
              Download the problem rows to create as{" "}
              {problemLinks("Problem rows to create", { kind: "create" })}, those to invite as{" "}
              {problemLinks("Problem rows to invite", { kind: "invite" })}, mend them and choose both files
              again.
            </>
          ) : (
            <>
              Download the problem rows as {problemLinks("Problem rows")}, mend them and choose that file
              again.
            </>
          )}{" "}
          People already imported are never made twice.
        </span>
      )}
      <span>
        Download the full report as {link(downloadReport, "Full report", "CSV")} or{" "}
        {link(downloadReportWorkbook, "Full report", "Excel")}.
      </span>
    </div>
  );
}
