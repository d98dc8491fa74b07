import { useEffect, useMemo } from "react";

/** How many panels and dialogs are open, one in front of the other. */
let layers = 0;

export const isCovered = () => layers > 1;

/** What has the focus, to which it goes back: of a menu, which closes with its choice, the button that opened it. */
function opener(): HTMLElement | null {
  const focused = document.activeElement;
  const menu = focused?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  return (menu && document.getElementById(menu)) || (focused as HTMLElement | null);
}

/** Nobody by keyboard is to begin again at the top of the page: where the opener is gone, at its content. */
function giveBack(to: HTMLElement | null) {
  const focused = document.activeElement;
  if (focused && focused !== document.body && !focused.closest("[role=dialog]")) return;
  const left = to?.isConnected ? to : document.getElementById("content");
  left?.focus({ preventScroll: true });
}

/**
 * While something is open in front, the page behind is out of reach: for the keyboard and for screen readers too. Closed, it
 * gives the focus back.
 */
export function usePageBehind(covered: boolean) {
  // Before it is drawn: what is drawn takes the focus.
  const from = useMemo(() => (covered ? opener() : null), [covered]);
  useEffect(() => {
    const page = document.getElementById("root");
    if (!covered || !page) return;
    layers += 1;
    page.inert = true;
    page.setAttribute("aria-hidden", "true");
    return () => {
      layers -= 1;
      if (layers === 0) {
        page.inert = false;
        page.removeAttribute("aria-hidden");
      }
      giveBack(from);
    };
  }, [covered, from]);
}
