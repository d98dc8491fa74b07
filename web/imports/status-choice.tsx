import { type KeyboardEvent, useRef } from "react";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { statusOpen, valueIn } from "./row-columns.ts";
import classes from "./rows-table.module.css";
import type { GridFocus } from "./use-grid-focus.ts";
import type { useRowEdits } from "./use-row-edits.ts";

type Props = {
  row: ImportRow;
  label: string;
  edits: ReturnType<typeof useRowEdits>;
  focus: GridFocus;
};

/** Whether somebody may sign in, in their cell: one press says it, arrows go between the two, Esc leaves it as it was. */
export function StatusChoice({ row, label, edits, focus }: Props) {
  const group = useRef<HTMLDivElement>(null);
  const now = statusOpen(row) ? undefined : valueIn(row, "status");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      focus.leave(event.key === "Escape" ? 0 : event.shiftKey ? -1 : 1);
    }
    if (/^Arrow/.test(event.key)) {
      event.preventDefault();
      group.current?.querySelector<HTMLElement>("button:not(:focus)")?.focus();
    }
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own box into the cell
    <div
      ref={group}
      role="group"
      aria-label={label}
      className={classes.choice}
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget }) => {
        if (!group.current?.contains(relatedTarget)) focus.blur();
      }}
    >
      {["Active", "Suspended"].map((status, place) => (
        <button
          key={status}
          type="button"
          aria-pressed={status === now}
          // biome-ignore lint/a11y/noAutofocus: it was opened to be chosen from
          autoFocus={now ? status === now : place === 0}
          onClick={(event) => {
            event.stopPropagation();
            if (status !== now) edits.save(row, "status", status);
            focus.leave(0);
          }}
        >
          {status}
        </button>
      ))}
    </div>
  );
}
