import { useEffect } from "react";

/** How many panels and dialogs are open, one in front of the other. */
let layers = 0;

export const isCovered = () => layers > 1;

/** While something is open in front, the page behind is out of reach: for the keyboard and for screen readers too. */
export function usePageBehind(covered: boolean) {
  useEffect(() => {
    const page = document.getElementById("root");
    if (!covered || !page) return;
    layers += 1;
    page.inert = true;
    page.setAttribute("aria-hidden", "true");
    return () => {
      layers -= 1;
      if (layers > 0) return;
      page.inert = false;
      page.removeAttribute("aria-hidden");
    };
  }, [covered]);
}
