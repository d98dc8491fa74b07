import { type KeyboardEvent, useRef, useState } from "react";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { type ValueField, valueIn } from "./row-columns.ts";
import classes from "./rows-table.module.css";
import type { GridFocus } from "./use-grid-focus.ts";
import type { Draft, useRowEdits } from "./use-row-edits.ts";

type Props = {
  row: ImportRow;
  field: Exclude<ValueField, "status">;
  label: string;
  draft: Draft | undefined;
  invalid: boolean;
  describedBy: string | undefined;
  edits: ReturnType<typeof useRowEdits>;
  focus: GridFocus;
};

const placeholders: Partial<Record<ValueField, string>> = {
  groups: "Groups, separated by ;",
  password: "generated",
};

/** A value being typed: Enter and Tab save it, Esc leaves it as it was, leaving by the mouse saves it too. */
export function CellEditor({ row, field, label, draft, invalid, describedBy, edits, focus }: Props) {
  const before = valueIn(row, field);
  const [typed, type] = useState(draft?.typed ?? before);
  const done = useRef(false);
  const finish = (save: boolean, agreed = false) => {
    if (done.current) return;
    done.current = true;
    // Enter in the empty cell of a password that was refused: none, so that one is generated.
    const none = agreed && invalid && field === "password";
    if (save && (typed !== before || draft?.problem || none)) edits.save(row, field, typed);
    else if (draft?.problem) edits.drop(row, field);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      finish(false);
      focus.leave(0);
    }
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      finish(true, event.key === "Enter");
      focus.leave(event.key === "Enter" ? 0 : event.shiftKey ? -1 : 1);
    }
  };
  return (
    <input
      className={classes.input}
      type={field === "password" ? "password" : "text"}
      autoComplete={field === "password" ? "new-password" : "off"}
      autoCapitalize="none"
      spellCheck={false}
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      placeholder={placeholders[field]}
      value={typed}
      // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (done.current) return;
        finish(true);
        focus.blur();
      }}
    />
  );
}
