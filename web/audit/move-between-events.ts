import type { KeyboardEvent } from "react";

/** Arrow keys move from event to event, over what is open between them. */
export function moveBetweenEvents(event: KeyboardEvent<HTMLTableSectionElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const control = event.target as HTMLElement;
  if (!step || !control.hasAttribute("aria-expanded")) return;
  const controls = [...event.currentTarget.querySelectorAll<HTMLElement>("[aria-expanded]")];
  const other = controls[controls.indexOf(control) + step];
  if (!other) return;
  event.preventDefault();
  other.focus();
}
