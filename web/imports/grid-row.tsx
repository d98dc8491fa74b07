import type { CSSProperties, Ref } from "react";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { Prose } from "../ui/prose.tsx";
import { number } from "../ui/words.ts";
import { CellEditor } from "./cell-editor.tsx";
import { CellValue } from "./cell-value.tsx";
import { isValue, type Note, notesAt, type Shown } from "./row-columns.ts";
import classes from "./rows-table.module.css";
import { StatusChoice } from "./status-choice.tsx";
import type { GridFocus } from "./use-grid-focus.ts";
import { draftKey, type useRowEdits } from "./use-row-edits.ts";
import { withRole } from "./with-role.ts";

type Props = {
  ref: Ref<HTMLTableRowElement>;
  row: ImportRow;
  index: number;
  start: number;
  shown: Shown;
  /** Warnings stop nothing: outside their own filter they are said where the focus is. */
  notes: "all" | "problems";
  /** The column that has the focus; null: none of this row. */
  active: number | null;
  editing: boolean;
  allowed: boolean;
  edits: ReturnType<typeof useRowEdits>;
  focus: GridFocus;
};

/** One row: its values, and beneath each what is to be said of it, as wide as there is room to the right. */
export function GridRow(props: Props) {
  const { ref, row, index, start, shown, active, editing, allowed, edits, focus } = props;
  const cells = shown.columns.map(({ key }) => {
    const draft = isValue(key) ? edits.drafts.get(draftKey(row, key)) : undefined;
    const all = notesAt(row, key, shown);
    const unsaved: Note[] = draft?.problem ? [{ tone: "bad", text: `Not saved. ${draft.problem}` }] : [];
    const notes = [...unsaved, ...all.filter(({ tone }) => props.notes === "all" || tone !== "warn")];
    return {
      key,
      draft,
      notes,
      bad: all.some(({ tone }) => tone === "bad"),
      warn: all.length > notes.length,
    };
  });
  const labelAt = (place: number) => `${shown.columns[place]?.label}, row ${number(row.rowNo)}`;
  /** A note may be as wide as up to the next one. */
  const endOf = (place: number) => {
    const next = cells.findIndex((cell, other) => other > place && cell.notes.length > 0);
    return next === -1 ? -1 : next + 1;
  };
  return (
    <tr
      {...withRole("row")}
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
    >
      {cells.map(({ key, draft, notes, bad, warn }, place) => {
        const typing = editing && active === place && isValue(key);
        const editable = allowed && isValue(key);
        const describedBy = `note-${row.fileNo}-${row.rowNo}-${key}`;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys of all its cells
          <td
            key={key}
            {...withRole("gridcell", {
              "aria-invalid": bad || undefined,
              "aria-readonly": !editable,
              "aria-busy": (draft && !draft.problem) || undefined,
            })}
            className={classes.cell}
            data-column={key}
            data-noted={notes.length > 0 || undefined}
            style={{ "--at": place + 1, ...(notes.length > 0 && { "--end": endOf(place) }) } as CSSProperties}
            tabIndex={active === place && !typing ? 0 : -1}
            onFocus={() => active !== place && focus.enter({ index, column: place })}
            onClick={(event) => {
              if (!typing && !(event.target instanceof HTMLAnchorElement))
                focus.press({ index, column: place });
            }}
          >
            {typing && key === "status" ? (
              <StatusChoice row={row} label={labelAt(place)} edits={edits} focus={focus} />
            ) : typing && key !== "status" && isValue(key) ? (
              <CellEditor
                row={row}
                field={key}
                label={labelAt(place)}
                draft={draft}
                invalid={bad}
                describedBy={notes.length > 0 ? describedBy : undefined}
                edits={edits}
                focus={focus}
              />
            ) : (
              <div
                className={classes.value}
                data-bad={bad || undefined}
                data-editable={editable || undefined}
              >
                <CellValue row={row} column={key} shown={shown} draft={draft} worthALook={warn} />
              </div>
            )}
            {notes.length > 0 && (
              <ul className={classes.notes} id={describedBy}>
                {notes.map(({ tone, text }) => (
                  <li key={text} data-tone={tone}>
                    <Prose>{text}</Prose>
                  </li>
                ))}
              </ul>
            )}
          </td>
        );
      })}
    </tr>
  );
}
