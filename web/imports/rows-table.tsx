import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { Prose } from "../ui/prose.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import table from "../ui/table.module.css";
import { alike } from "../ui/typed-group.ts";
import { number } from "../ui/words.ts";
import { lookOf, type Outcome } from "./outcomes.ts";
import classes from "./review.module.css";

type Props = { rows: readonly ImportRow[] | undefined; found: Import; outcome: Outcome };

export const RowsTable = ({ rows, found, outcome }: Props) => (
  <table className={`${table.table} ${classes.rows}`} aria-label="Rows of the files" aria-busy={!rows}>
    <thead>
      <tr>
        <th className={found.files.length > 1 ? classes.rowWide : classes.row}>Row</th>
        <th className={classes.person}>Person</th>
        <th className={classes.outcome}>Outcome</th>
        <th>{outcome === "problem" || outcome === "unknown_group" ? "What is wrong" : "Groups and notes"}</th>
      </tr>
    </thead>
    <tbody>
      {rows ? (
        rows.map((row) => (
          <Row
            key={`${row.fileNo}:${row.rowNo}`}
            row={row}
            found={found}
            file={found.files.length > 1 ? nameOf(found.files, row) : ""}
          />
        ))
      ) : (
        <SkeletonRows columns={4} rows={6} />
      )}
    </tbody>
  </table>
);

const nameOf = (files: Import["files"], row: ImportRow) =>
  files.find((file) => file.fileNo === row.fileNo)?.name ?? "";

function Row({ row, file, found }: { row: ImportRow; file: string; found: Import }) {
  const look = lookOf(row.outcome, found);
  return (
    <tr>
      <td className={table.dim} title={file}>
        {number(row.rowNo)}
        {file && <span className={classes.file}> {file}</span>}
      </td>
      <td>
        <Person row={row} />
      </td>
      <td className={classes.outcomeCell}>
        <StatusMark shape={look.shape} tone={look.tone}>
          {look.word}
        </StatusMark>
      </td>
      <td className={classes.details}>
        <Details row={row} found={found} />
      </td>
    </tr>
  );
}

function Person({ row }: { row: ImportRow }) {
  const tenant = useTenant();
  const name = [row.lastName, row.firstName].filter(Boolean).join(", ");
  return (
    <>
      <div className={classes.name} title={name}>
        {row.userId ? (
          <Link to="/t/$tenant/users/$userId" params={{ tenant, userId: row.userId }} className={table.name}>
            {name}
          </Link>
        ) : (
          name || <span className={table.dim}>no name</span>
        )}
      </div>
      <div className={classes.email} title={row.email}>
        {row.email || "no email address"}
      </div>
    </>
  );
}

/** The groups the row names; those that do not exist are marked as such. */
function Groups({ row, found }: { row: ImportRow; found: Import }) {
  if (row.groups.length === 0) return null;
  const unknown = (name: string) => found.unknownGroups.some((group) => alike(group.name, name));
  return (
    <div className={classes.dim}>
      Groups:{" "}
      {row.groups.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ", "}
          {unknown(name) && !isMade(row.outcome) ? <Unknown name={name} found={found} /> : name}
        </Fragment>
      ))}
    </div>
  );
}

const isMade = (outcome: Outcome) => ["created", "invited", "suspended"].includes(outcome);

const Unknown = ({ name, found }: { name: string; found: Import }) =>
  found.createMissingGroups ? (
    <>{name} (new)</>
  ) : (
    <strong className={classes.unknown}>{name} (does not exist)</strong>
  );

/** Each problem at its column, with what was read there and how to mend it; then groups and what was changed in reading. */
function Details({ row, found }: { row: ImportRow; found: Import }) {
  return (
    <>
      {row.problems.map((problem) => (
        <div key={`${problem.column}${problem.code}`}>
          {problem.column && <strong>{problem.column}: </strong>}
          <Prose>{problem.message}</Prose>
          {problem.read && !problem.message.includes(problem.read) && (
            <span className={classes.read}>
              {" "}
              Read: <code>{problem.read}</code>
            </span>
          )}
        </div>
      ))}
      <Groups row={row} found={found} />
      {row.notes.map((note) => (
        <div key={`${note.column}${note.message}`} className={classes.dim}>
          {note.column && `${note.column}: `}
          <Prose>{note.message}</Prose>
        </div>
      ))}
    </>
  );
}
