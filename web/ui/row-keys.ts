import type { KeyboardEvent } from "react";

/** Arrow keys move from row to row of a table, staying on the same control of the row. */
export function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const control = event.target as HTMLElement;
  const row = control.closest("tr");
  if (!step || !row || control.getAttribute("aria-expanded") === "true") return;
  const controls = (of: Element) => [...of.querySelectorAll<HTMLElement>("a[href], button, input")];
  const other = step === 1 ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return;
  event.preventDefault();
  const places = controls(other);
  (places[controls(row).indexOf(control)] ?? places[0])?.focus();
}
