const ascii = /^[ -~]*$/;

/**
 * For comparing without regard to case and Unicode form: NFKC, lower case, and one sigma (lower-casing alone writes
 * the last one of a word differently). Accents stay. Folding twice changes nothing. Whoever calls it limits the length
 * first: a hostile text takes time that grows with the square of it.
 */
export function foldCase(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text.normalize("NFKC").toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
}
