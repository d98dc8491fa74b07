import { VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { messageLook } from "../messages/message-looks.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { exactTime } from "../ui/time.ts";
import { number } from "../ui/words.ts";
import { lookOf } from "./outcomes.ts";
import { type ColumnKey, type Shown, statusOpen, type ValueField, valueIn } from "./row-columns.ts";
import classes from "./rows-table.module.css";
import type { Draft } from "./use-row-edits.ts";

type Props = {
  row: ImportRow;
  column: ColumnKey;
  shown: Shown;
  draft: Draft | undefined;
  /** Something is worth a look here that is said where the focus is. */
  worthALook: boolean;
};

/** What stands in a cell. */
export function CellValue({ row, column, shown: { found }, draft, worthALook }: Props) {
  if (column === "row") return <RowNumber row={row} files={found.files} />;
  if (column === "delivery") return <Delivery row={row} />;
  if (column === "outcome") return <Outcome row={row} found={found} />;
  return (
    <>
      <Value row={row} field={column} draft={draft} />
      {worthALook && (
        <IconAlertTriangle size={14} className={classes.look} role="img" aria-label="Worth a look" />
      )}
    </>
  );
}

function RowNumber({ row, files }: { row: ImportRow; files: Shown["found"]["files"] }) {
  const file = files.length > 1 ? files.find((one) => one.fileNo === row.fileNo)?.name : undefined;
  return (
    <span className={classes.text} title={file}>
      {number(row.rowNo)}
      {file && <small> {file}</small>}
    </span>
  );
}

function Value({ row, field, draft }: { row: ImportRow; field: ValueField; draft: Draft | undefined }) {
  const value = valueIn(row, field);
  const change = row.changes.find((one) => one.field === field);
  if (draft) return <Text full={field === "password" ? "" : draft.typed}>{hidden(field, draft.typed)}</Text>;
  if (field === "password") return <Text>{passwordWord(row)}</Text>;
  if (field === "status") return <Text>{statusWord(row)}</Text>;
  if (change?.field === "groups") return <Text full={change.new}>{change.new}</Text>;
  if (change) {
    const [old, now] = [change.old || usualLanguage, change.new || usualLanguage];
    return (
      <Text full={`${old} → ${now}`} whole={field === "language"}>
        <del>{change.old || <UsualLanguage />}</del> <VisuallyHidden>becomes</VisuallyHidden>
        <span aria-hidden="true">→</span> <ins>{change.new || <UsualLanguage />}</ins>
      </Text>
    );
  }
  if (field === "groups" && row.outcome !== "problem" && row.groups.length > 0) return <Groups row={row} />;
  return value ? <Text full={value}>{value}</Text> : <None>{nothingIn(row, field)}</None>;
}

/** By the names they have here; where the file calls one otherwise, by that too. */
function Groups({ row: { groups, renamedGroups } }: { row: ImportRow }) {
  const named = groups.map((name) => ({
    name,
    read: renamedGroups.filter((group) => group.name === name).map((group) => group.read),
  }));
  const words = named.map(({ name, read }) =>
    read.length > 0 ? `${name} (in the file: ${read.join(", ")})` : name,
  );
  return (
    <Text full={words.join("; ")} whole={renamedGroups.length > 0}>
      {words.join("; ")}
    </Text>
  );
}

const usualLanguage = "the organisation's language";

/** Under the heading Language there is neither need nor room for all of it. */
const UsualLanguage = () => (
  <span title={usualLanguage}>
    <VisuallyHidden>the </VisuallyHidden>organisation's<VisuallyHidden> language</VisuallyHidden>
  </span>
);

/** What an empty cell says, where that is more than being empty. */
function nothingIn(row: ImportRow, field: ValueField): ReactNode {
  if (field === "groups") return "none";
  if (field !== "language") return "empty";
  return isUser(row) ? "as it is" : <UsualLanguage />;
}

const hidden = (field: ValueField, typed: string) => (field === "password" ? "•".repeat(8) : typed);

const isUser = ({ outcome }: ImportRow) =>
  outcome === "update" || outcome === "unchanged" || outcome === "existing";

/** Never the password: whether there is one that will be used. Nobody who is a user already gets another one. */
function passwordWord(row: ImportRow) {
  const { hasPassword, problems } = row;
  if (isUser(row)) return <None>not used</None>;
  if (hasPassword) return "set";
  return (
    <None>
      {problems.some(({ field, code }) => field === "password" && code !== "required")
        ? "refused"
        : "missing"}
    </None>
  );
}

/** Nobody who is a user already gets another status. */
function statusWord(row: ImportRow) {
  if (isUser(row)) return <None>not used</None>;
  return statusOpen(row) ? <None>not known</None> : valueIn(row, "status");
}

type Words = {
  children: ReactNode;
  full?: string;
  /** On as many lines as it takes: what it becomes is the point. */
  whole?: boolean;
};

const Text = ({ children, full, whole }: Words) => (
  <span className={classes.text} data-whole={whole || undefined} title={full}>
    {children}
  </span>
);

const None = ({ children }: { children: ReactNode }) => (
  <span className={`${classes.text} ${classes.none}`}>{children}</span>
);

function Delivery({ row: { message, outcome } }: { row: ImportRow }) {
  const me = useMe();
  if (!message) return <None>{outcome === "suspended" ? "once reactivated" : "none"}</None>;
  const look = messageLook(message, me);
  return (
    <span title={[exactTime(message.at), message.lastReply].filter(Boolean).join("\n")}>
      <StatusMark shape={look.shape} tone={look.tone}>
        {look.word}
      </StatusMark>
    </span>
  );
}

function Outcome({ row, found }: { row: ImportRow; found: Shown["found"] }) {
  const tenant = useTenant();
  const look = lookOf(row.outcome, found);
  return (
    <>
      <StatusMark shape={look.shape} tone={look.tone}>
        {row.outcome === "ready" && row.suspended ? `${look.word}, suspended` : look.word}
      </StatusMark>
      {row.userId && (
        <Link
          to="/t/$tenant/users/$userId"
          params={{ tenant, userId: row.userId }}
          className={classes.link}
          tabIndex={-1}
          aria-label={`Open ${row.firstName} ${row.lastName}`.trim()}
        >
          Open
        </Link>
      )}
    </>
  );
}
