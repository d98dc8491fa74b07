import { VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { useMe } from "../shell/session.ts";
import { number } from "../ui/words.ts";
import { None, Text } from "./cell-text.tsx";
import { type ColumnKey, type Shown, statusOpen, type ValueField, valueIn } from "./row-columns.ts";
import { Delivery, Outcome } from "./row-outcome.tsx";
import { blankWord } from "./row-words.ts";
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
  if (change?.field === "groups")
    return (
      <Text full={change.new} whole>
        {change.new}
      </Text>
    );
  if (change) {
    const [old, now] = [change.old || usualLanguage, change.new || usualLanguage];
    return (
      <Text full={`${old} → ${now}`} whole>
        <del>{change.old || <UsualLanguage />}</del> <VisuallyHidden>becomes</VisuallyHidden>
        <span aria-hidden="true">→</span> <ins>{change.new || <UsualLanguage />}</ins>
      </Text>
    );
  }
  if (field === "groups" && row.outcome !== "problem" && row.groups.length > 0) return <Groups row={row} />;
  return value ? <Text full={value}>{value}</Text> : <None>{blankWord(row) ?? nothingIn(row, field)}</None>;
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

/** Where nothing is said, the language that counts is worth more than that it is the usual one. */
function LanguageOfAll() {
  const { tenant } = useMe();
  return (
    <span title={usualLanguage}>
      {languageNames[tenant.language]}
      <VisuallyHidden>, {usualLanguage}</VisuallyHidden>
    </span>
  );
}

/** What an empty cell says, where that is more than being empty. */
function nothingIn(row: ImportRow, field: ValueField): ReactNode {
  if (field === "groups") return "none";
  if (field !== "language") return "empty";
  return isUser(row) || wasUser(row) ? "as it is" : <LanguageOfAll />;
}

const hidden = (field: ValueField, typed: string) => (field === "password" ? "•".repeat(8) : typed);

const isUser = ({ outcome }: ImportRow) =>
  outcome === "update" || outcome === "unchanged" || outcome === "existing";

const wasUser = ({ outcome, undo }: ImportRow) =>
  outcome === "updated" || undo === "restored" || undo === "partly_changed";

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
