/** They begin a last name: `Ilse van den Berg`, `Fatima al Masri`, `Maria de la Cruz`. */
const particles = new Set(
  `van von vom zu zum zur de del della delle dello di da das do dos du des la le las los lo el al ben bin bint ibn abu
   ten ter te den der het op af av st san santa mac mc`.split(/\s+/),
);
const suffix = /^(?:jr|sr|junior|senior|ii|iii|iv|v|phd|md|dds|esq)\.?$/i;

/** `Last, First` or `First Last`; undefined where it cannot be told apart, as with a single word. */
export function splitFullName(name: string): { firstName: string; lastName: string } | undefined {
  const parts = name.split(",").map((part) => part.trim());
  const [before = "", behind, ...more] = parts;
  if (behind === undefined) return splitWords(before);
  // `Martin King, Jr.` is the other way round, and a third part can only be such a suffix.
  if (suffix.test(behind)) return splitSuffixed(before, behind, more);
  const [third, ...rest] = more;
  if (!before || !behind || rest.length > 0 || (third !== undefined && !suffix.test(third))) return undefined;
  return { firstName: behind, lastName: third ? `${before} ${third}` : before };
}

function splitSuffixed(before: string, ending: string, [firstName, ...rest]: string[]) {
  if (rest.length > 0) return undefined;
  if (firstName) return before ? { firstName, lastName: `${before} ${ending}` } : undefined;
  return splitWords(`${before} ${ending}`);
}

function splitWords(name: string): { firstName: string; lastName: string } | undefined {
  const words = name.split(/\s+/).filter(Boolean);
  const at = lastNameStart(words);
  if (at < 1 || at >= words.length) return undefined;
  return { firstName: words.slice(0, at).join(" "), lastName: words.slice(at).join(" ") };
}

function lastNameStart(words: readonly string[]): number {
  const particle = words.findIndex(
    (word, at) => at > 0 && at < words.length - 1 && particles.has(word.toLowerCase()),
  );
  if (particle !== -1) return particle;
  const last = words.length - 1;
  return suffix.test(words[last] ?? "") ? last - 1 : last;
}
