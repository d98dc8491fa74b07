/** How long a mail server may take for a message until it is said to hang. */
export type Patience = {
  ms(): number;
  /** It took so long for one. */
  took(ms: number): void;
};

/** So many times as long as it usually takes. */
const times = 5;

/**
 * A second is long for a server that takes each message in a tenth of that, and short for one that looks through all of them: it follows
 * what half of them take less than, and is never less than `leastMs`. Few that hang move it little.
 */
export function openPatience(leastMs: number): Patience {
  const least = leastMs / times;
  let usual = least;
  return {
    ms: () => usual * times,
    took: (ms) => {
      usual = Math.max(least, usual * (ms > usual ? 1.25 : 0.8));
    },
  };
}
