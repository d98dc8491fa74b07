import { useRef } from "react";

/**
 * For lists that know only their next page and beside which something is opened, so that the way back is not the browser's: to the page
 * somebody came from, or to the first where they came from nowhere.
 */
export function usePageTrail(cursor: string | undefined, turn: (cursor: string | undefined) => void) {
  const before = useRef(new Map<string, string | undefined>()).current;
  return {
    previous: cursor === undefined ? undefined : () => turn(before.get(cursor)),
    next: (next: string | null | undefined) =>
      next
        ? () => {
            before.set(next, cursor);
            turn(next);
          }
        : undefined,
  };
}
