import { useEffect, useRef } from "react";

type Shortcuts = Record<string, () => void>;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** Is something open in front of the page? Then its keys are the page's no longer. */
const covered = () => document.querySelector('[role="dialog"], [role="menu"]') !== null;

/** Keys such as `n`, `/` or the sequence `g u`. They never fire while somebody types or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts) {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    let first = "";
    let forgetFirst: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || covered()) return;
      const run = current.current[first ? `${first} ${event.key}` : event.key] ?? current.current[event.key];
      first = event.key === "g" ? "g" : "";
      clearTimeout(forgetFirst);
      if (first) forgetFirst = setTimeout(() => (first = ""), 1000);
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
