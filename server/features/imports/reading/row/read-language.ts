import { foldText } from "../../../users/person-name.ts";
import type { RowLanguage } from "../types.ts";

/** What the languages of emails are called, in those that headings are understood in, and their codes. */
const words = {
  en: "en eng english englisch anglais ingles inglese engels angielski",
  de: "de deu ger german deutsch allemand aleman tedesco alemao duits niemiecki",
  es: "es spa spanish spanisch espagnol espanol spagnolo espanhol spaans hiszpanski castellano castilian kastilisch",
};
const known = new Map<string, RowLanguage>([["", ""]]);
for (const [language, names] of Object.entries(words))
  for (const name of names.split(" ")) known.set(name, language as keyof typeof words);

const longestName = 60;

/** `German (Austria)`, `de-AT`, `de_AT.UTF-8`: the country changes nothing. */
const country = /\s*\(.*\)$|[-_][a-z0-9@._-]+$/;

/** Which language a cell names; empty: the tenant's. undefined: none that emails are written in. */
export function readLanguage(cell: string): RowLanguage | undefined {
  const said = cell.trim();
  // What most cells hold needs no folding, and no name of a language is so long that folding it takes time.
  if (known.has(said) || said.length > longestName) return known.get(said);
  return known.get(foldText(said).replace(country, ""));
}
