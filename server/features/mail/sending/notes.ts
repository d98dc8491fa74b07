import type { Settled } from "./settle-messages.ts";

/** The outcomes of one turn that are being noted while the next messages are on their way. */
export type Notes = {
  note(settled: Settled): Promise<void>;
  /** Why something could not be noted, if it could not. */
  failure(): unknown;
  /** Waits for all of them; answers the same. */
  whenDone(): Promise<unknown>;
};

export function openNotes(settle: (settled: Settled) => Promise<void>): Notes {
  let failure: unknown;
  const open = new Set<Promise<void>>();
  return {
    note: (settled) => {
      const noted = settle(settled);
      open.add(noted);
      noted
        .catch((error) => {
          failure ??= error;
        })
        .finally(() => open.delete(noted));
      return noted;
    },
    failure: () => failure,
    whenDone: async () => {
      await Promise.allSettled([...open]);
      return failure;
    },
  };
}
