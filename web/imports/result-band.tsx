import { Alert, Button, CopyButton, Text } from "@mantine/core";
import { useState } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { may, useMe } from "../shell/session.ts";
import { When } from "../ui/when.tsx";
import { count, fileSize, listing, number, people } from "../ui/words.ts";
import { Band } from "./band.tsx";
import { ImportMail } from "./import-mail.tsx";
import { leftOut } from "./left-out.ts";
import classes from "./review.module.css";
import { RowsList } from "./rows-list.tsx";
import { UndoPanel } from "./undo-panel.tsx";
import { whatWasUndone } from "./what-was-undone.ts";

const titles: Partial<Record<Import["state"], string>> = {
  cancelled: "Cancelled",
  failed: "It did not work",
  undoing: "Undoing",
  undo_stopped: "Undone in part",
  undone: "Undone",
};

/** When it is over: what happened, where the emails stand, what became of every row; and the way back. */
export function ResultBand({ found }: { found: Import }) {
  const [asked, ask] = useState(false);
  const allowed = may(useMe(), "imports.run");
  return (
    <Band title={titles[found.state] ?? "What happened"} aside={overAt(found)}>
      {found.problem && (
        <Alert color={found.state === "undo_stopped" ? "amber" : "red"} mb="sm">
          {found.problem}
        </Alert>
      )}
      <Text mb="xs">{sentence(found)}</Text>
      <Origin found={found} />
      <Figures found={found} />
      <ImportMail found={found} />
      {found.canUndo && allowed && (
        <Button variant="default" size="xs" mb="md" onClick={() => ask(true)}>
          {found.state === "undo_stopped" ? "Undo the rest" : "Undo import"}
        </Button>
      )}
      {asked && <UndoPanel found={found} onClose={() => ask(false)} />}
      <RowsList found={found} />
    </Band>
  );
}

function overAt({ state, finishedAt, undoStartedAt }: Import) {
  const at = state === "undone" || state === "undo_stopped" ? undoStartedAt : finishedAt;
  return at && <When at={at} />;
}

function sentence(found: Import) {
  if (found.state === "undone" || found.state === "undo_stopped") return whatWasUndone(found);
  const { created = 0, invited = 0, suspended = 0, updated = 0 } = found.counts;
  const made = created + invited + suspended;
  const there = alreadyHere(found);
  const same =
    there > 0
      ? ` ${people(there)} ${there === 1 ? "was" : "were"} here already: nothing changed for them.`
      : "";
  const left = leftOut(found);
  const others = left && found.state === "finished" ? `${same} ${left}` : same;
  if (made + updated === 0) return `Nobody was imported.${others}`;
  const parts = [
    ...(made > 0 ? [`${people(made)} ${made === 1 ? "was" : "were"} imported`] : []),
    ...(updated > 0 ? [`${people(updated)} ${updated === 1 ? "was" : "were"} changed`] : []),
  ];
  const rest = found.state === "cancelled" ? " The rest was not imported." : "";
  return `${listing(parts)}.${rest}${others}`;
}

/** Who was a user before, or became one meanwhile, and stays as they were. */
const alreadyHere = ({ counts: { existing = 0, unchanged = 0, skipped = 0 } }: Import) =>
  existing + unchanged + skipped;

/** Who did it, when, from which file: for ever. */
function Origin({ found }: { found: Import }) {
  return (
    <ul className={classes.origin} aria-label="Where it came from">
      {found.files.map((file) => (
        <li key={file.fileNo}>
          {file.name}, {fileSize(file.bytes)}, SHA-256{" "}
          <CopyButton value={file.sha256}>
            {({ copied, copy }) => (
              <button type="button" className={classes.copy} title={file.sha256} onClick={copy}>
                {copied ? "copied" : `${file.sha256.slice(0, 12)}…`}
              </button>
            )}
          </CopyButton>
        </li>
      ))}
      <li>
        By {(found.startedBy ?? found.createdBy).name}
        {found.startedAt && (
          <>
            , <When at={found.startedAt} />
          </>
        )}
        {found.source && <>, from {found.source}</>}
        {found.startedBy && found.startedBy.id !== found.createdBy.id && (
          <>; uploaded by {found.createdBy.name}</>
        )}
      </li>
      {found.undoStartedBy && found.undoStartedAt && (
        <li>
          {found.state === "undo_stopped" ? "Undone in part" : "Undone"} by {found.undoStartedBy.name},{" "}
          <When at={found.undoStartedAt} />
        </li>
      )}
      {found.leavers && found.leavers.ticked > 0 && (
        <li>
          {people(found.leavers.ticked)} missing from the file: {fate(found.state, found.leavers)}
        </li>
      )}
    </ul>
  );
}

/** What becomes of those who are missing from the file. */
function fate(state: Import["state"], { suspended, graceDays }: NonNullable<Import["leavers"]>) {
  if (state === "undone")
    return suspended > 0 ? `${number(suspended)} suspended until it was undone` : "nobody suspended";
  return suspended > 0
    ? `${number(suspended)} suspended`
    : `suspended after ${count(graceDays, "day")} of grace`;
}

/** The counts of people: whoever imports wants to know that everybody arrived. */
function Figures({ found }: { found: Import }) {
  const { counts, undone } = found;
  const figures: [string, number][] = [
    ["Created", counts.created ?? 0],
    ["Invited", counts.invited ?? 0],
    ["Created, suspended", counts.suspended ?? 0],
    ["Changed", counts.updated ?? 0],
    ["Here already", found.state === "undone" ? 0 : alreadyHere(found)],
    ["Erased", undone?.erased ?? 0],
    ["Given back", undone?.restored ?? 0],
    ["Kept", counts.kept ?? 0],
  ];
  const told = figures.filter(([, value]) => value > 0);
  if (told.length === 0) return null;
  return (
    <dl className={classes.result}>
      {told.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
