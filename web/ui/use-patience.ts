import { useRef } from "react";

/** Milliseconds from one question to the next. */
const steps = [150, 300, 600];
const longest = 1000;

/**
 * When to ask again for something that changes by itself: soon after it has begun to be what it is, then ever less often, so
 * that nobody waits much longer than it takes and what takes long is not asked for all the time.
 */
export function usePatience(): (what: string) => number {
  const seen = useRef({ what: "", since: 0 });
  return (what) => {
    const now = performance.now();
    if (seen.current.what !== what) seen.current = { what, since: now };
    return steps.find((step) => now - seen.current.since < 4 * step) ?? longest;
  };
}
