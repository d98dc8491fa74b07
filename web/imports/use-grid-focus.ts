import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

export type CellPlace = { index: number; column: number };

type Options = {
  grid: RefObject<HTMLTableElement | null>;
  active: CellPlace;
  activate: (place: CellPlace) => void;
  rows: number;
  columns: number;
  editable: (index: number, column: number) => boolean;
  /** Brings a row into sight. */
  reveal: (index: number) => void;
  pageRows: number;
};

export type GridFocus = {
  editing: boolean;
  /** A cell got the focus, by whatever means. */
  enter: (place: CellPlace) => void;
  /** A cell was pressed. */
  press: (place: CellPlace) => void;
  /** Ends typing; `step`: and goes on to a neighbour, open for typing. */
  leave: (step: -1 | 0 | 1) => void;
  /** Ends typing because the focus went elsewhere. */
  blur: () => void;
};

type Move = (place: CellPlace, last: CellPlace, pageRows: number) => CellPlace;
const moves: Record<string, Move> = {
  ArrowUp: ({ index, column }) => ({ index: index - 1, column }),
  ArrowDown: ({ index, column }) => ({ index: index + 1, column }),
  ArrowLeft: ({ index, column }) => ({ index, column: column - 1 }),
  ArrowRight: ({ index, column }) => ({ index, column: column + 1 }),
  PageUp: ({ index, column }, _last, rows) => ({ index: index - rows, column }),
  PageDown: ({ index, column }, _last, rows) => ({ index: index + rows, column }),
  Home: ({ index }) => ({ index, column: 0 }),
  End: ({ index }, last) => ({ index, column: last.column }),
  "Ctrl Home": () => ({ index: 0, column: 0 }),
  "Ctrl End": (_place, last) => last,
};

const within = (value: number, last: number) => Math.min(Math.max(value, 0), Math.max(last, 0));

/** The keys of a grid as spreadsheets have them: one cell has the focus, Enter and F2 open it for typing, Esc leaves it. */
export function useGridFocus(options: Options) {
  const { grid, active, activate, rows, columns, editable, reveal, pageRows } = options;
  const [editing, edit] = useState(false);
  // The cell may have to be brought onto the page before it can take the focus.
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current || editing) return;
    const cell = grid.current?.querySelector<HTMLElement>(
      `tr[data-index="${active.index}"] > :nth-child(${active.column + 1})`,
    );
    if (!cell) return;
    wanted.current = false;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const go = (place: CellPlace) => {
    wanted.current = true;
    activate(place);
    if (place.index !== active.index) reveal(place.index);
  };
  const open = (place: CellPlace) => {
    activate(place);
    edit(editable(place.index, place.column));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (editing || event.target instanceof HTMLInputElement || event.altKey) return;
    const move = moves[`${event.ctrlKey || event.metaKey ? "Ctrl " : ""}${event.key}`];
    if (move) {
      event.preventDefault();
      const last = { index: rows - 1, column: columns - 1 };
      const { index, column } = move(active, last, pageRows);
      go({ index: within(index, last.index), column: within(column, last.column) });
    } else if ((event.key === "Enter" || event.key === "F2") && !event.ctrlKey && !event.metaKey) {
      if (editable(active.index, active.column)) {
        event.preventDefault();
        open(active);
      } else if (event.target instanceof HTMLElement)
        event.target.querySelector<HTMLElement>("a, button")?.click();
    }
  };

  const focus: GridFocus = {
    editing,
    enter: activate,
    press: open,
    leave: (step) => {
      const column = active.column + step;
      const next = { index: active.index, column };
      if (step !== 0 && editable(next.index, column)) return open(next);
      edit(false);
      go({ index: active.index, column: within(column, columns - 1) });
    },
    blur: () => edit(false),
  };
  return { ...focus, onKeyDown };
}
