import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconFileSpreadsheet, IconFileTypeCsv } from "@tabler/icons-react";
import { Fragment } from "react";
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
  const [kind, ...others] = found.problemKinds;
  /** `what` tells the links of one name apart for whoever hears them out of their sentence. */
  const link = (href: string, what: string, words: "CSV" | "Excel") => (
    <a href={href} download aria-label={`${what} as ${words}`}>
      {words}
    </a>
  );
  const ofKind = { params, query: { kind } };
  const ofAll = { params, query: {} };
  return (
    <div className={classes.downloads}>
      {kind && (
        <span>
          {others.length > 0 ? (
            <>
              <ProblemMenu found={found} /> Mend them and choose the files again.
            </>
          ) : (
            <>
              Download the problem rows as {link(address(downloadProblemRows, ofKind), "Problem rows", "CSV")}{" "}
              or {link(address(downloadProblemWorkbook, ofKind), "Problem rows", "Excel")}, mend them and
              choose that file again.
            </>
          )}{" "}
          People already imported are never made twice.
        </span>
      )}
      <span>
        Download the full report as {link(address(downloadReport, ofAll), "Full report", "CSV")} or{" "}
        {link(address(downloadReportWorkbook, ofAll), "Full report", "Excel")}.
      </span>
    </div>
  );
}

const kinds = [
  { kind: "create", label: "Those to create, with passwords" },
  { kind: "invite", label: "Those to invite" },
] as const;

/** A file either creates or invites: of an import that does both, each kind has its own to choose again. */
function ProblemMenu({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  return (
    <Menu position="bottom-start" width={272}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" rightSection={<IconChevronDown size={12} />}>
          Download the problem rows
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map(({ kind, label }) => (
          <Fragment key={kind}>
            <Menu.Label>{label}</Menu.Label>
            <Menu.Item
              component="a"
              download
              href={address(downloadProblemRows, { params, query: { kind } })}
              aria-label={`${label}, CSV`}
              leftSection={<IconFileTypeCsv size={16} />}
            >
              CSV
            </Menu.Item>
            <Menu.Item
              component="a"
              download
              href={address(downloadProblemWorkbook, { params, query: { kind } })}
              aria-label={`${label}, Excel`}
              leftSection={<IconFileSpreadsheet size={16} />}
            >
              Excel
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
