import { foldText } from "../../../users/person-name.ts";
import type { BlockedReading } from "../types.ts";
import { blockedWords, type Field, groupCandidates, headerWords, numberedGroups } from "./header-words.ts";

export type Match =
  | { field: Field; rank: number }
  | { field: "blocked"; rank: number; reads: BlockedReading }
  | { field: "groupCandidate"; rank: number };

const matches = new Map<string, Match>();
for (const { field, rank, words } of headerWords) {
  for (const word of split(words)) matches.set(word, { field, rank });
}
for (const [rank, { reads, words }] of blockedWords.entries()) {
  for (const word of split(words)) matches.set(word, { field: "blocked", rank, reads });
}
for (const word of groupCandidates) matches.set(word, { field: "groupCandidate", rank: 9 });

function split(words: string): string[] {
  return words.trim().split(/\s+/);
}

/** What a column holds, going by its header and by the technical name that Entra writes behind it in brackets. */
export function recogniseHeader(header: string): Match | undefined {
  const byName = lookUp(normaliseHeader(header)) ?? groupsByEither(header);
  const technical = /\[([^\]]*)\]/.exec(header.slice(0, longest))?.[1];
  const byTechnicalName = technical === undefined ? undefined : lookUp(lettersOf(technical));
  if (!byName || !byTechnicalName) return byName ?? byTechnicalName;
  return byTechnicalName.rank < byName.rank ? byTechnicalName : byName;
}

const lookUp = (word: string): Match | undefined =>
  matches.get(word) ?? (numberedGroups.test(word) ? { field: "groups", rank: 1 } : undefined);

/** `Abteilung/Team`, `Service ou équipe`: groups under two words for one thing. Of others two words are two things. */
function groupsByEither(header: string): Match | undefined {
  const words = header.slice(0, longest).split(either);
  if (words.length !== 2) return undefined;
  const [one, other] = words.map((word) => lookUp(normaliseHeader(word)));
  if (!isGroups(one) || !isGroups(other)) return undefined;
  return one.rank <= other.rank ? one : other;
}

const either = /\s*[/|&+,]\s*|\s+(?:or|oder|und|and|ou|et|o|y|e|of|en|lub|i)\s+/i;

const isGroups = (match: Match | undefined): match is Match =>
  match?.field === "groups" || match?.field === "groupCandidate";

/** Longer than any heading; what is longer is a sentence, or an attack. */
const longest = 200;

/** `E-Mail-Adresse *`, `Email Address [Required]`, `First_name (as in passport)` → `emailadresse`, `emailaddress`, `firstname`. */
export function normaliseHeader(header: string): string {
  const short = header.slice(0, longest);
  // A long explanation was cut off, its bracket with it.
  const bare = short.replace(/\[[^\]]*(?:\]|$)|\([^)]*(?:\)|$)/g, " ").trim();
  return lettersOf((bare || short).replace(/[\s*:]*\b(?:required|optional|mandatory|pflichtfeld)\s*$/i, ""));
}

const lettersOf = (text: string) => foldText(text).replace(/[^\p{L}\p{N}]/gu, "");
