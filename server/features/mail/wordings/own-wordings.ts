import { type Language, languages } from "../../tenants/tenant-settings.ts";
import { isMustersOwn, kindNamed, type MessageKind } from "../kinds.ts";
import { commonPlaceholders, placeholderProblem, type Wording, wordingSchema } from "../shapes.ts";
import type { WordingRow } from "./store-wordings.ts";

/** What a tenant says in words of its own, by kind and language. */
export type OwnWordings = ReadonlyMap<string, Wording>;

/** What emails were made of in an edition, by part, of that which has been changed since. */
export type PastLetter = ReadonlyMap<string, Record<string, unknown>>;

export const noOwnWordings: OwnWordings = new Map();

const keyOf = (kind: string, language: Language) => `${kind} ${language}`;

export const wordingOf = (kind: MessageKind, language: Language, own: OwnWordings): Wording =>
  own.get(keyOf(kind.kind, language)) ?? kind.wordings[language];

/** As what the words of a kind are kept once they are others. */
export const wordsPart = (kind: string, language: Language) => `words ${keyOf(kind, language)}`;

export const placeholdersFor = (kind: MessageKind) => [...commonPlaceholders, ...kind.placeholders];

export function ownWordings(rows: readonly WordingRow[]): OwnWordings {
  const own = new Map<string, Wording>();
  for (const row of rows) {
    const kind = kindNamed(row.kind);
    if (kind && !isMustersOwn(kind)) own.set(keyOf(row.kind, row.language), wordingFrom(kind, row));
  }
  return own;
}

/** What a kind said in an edition, where that has been changed since. */
export function withPastWords(own: OwnWordings, kind: MessageKind, past: PastLetter): OwnWordings {
  const earlier = languages.flatMap((language) => {
    const words = past.get(wordsPart(kind.kind, language));
    if (!words) return [];
    const wording = { ...kind.wordings[language], ...readableWords(kind, words) };
    return [[keyOf(kind.kind, language), wording] as const];
  });
  return new Map([...own, ...earlier]);
}

// The same words are the same object, whenever they are read: what was rendered of them is found again (templates.ts).
const known = new Map<string, Wording>();
const mostKnown = 2_000;

function wordingFrom(kind: MessageKind, { language, words }: WordingRow): Wording {
  const key = JSON.stringify([kind.kind, language, words]);
  const wording = known.get(key) ?? { ...kind.wordings[language], ...readableWords(kind, words) };
  known.delete(key);
  known.set(key, wording);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  return wording;
}

/** Words as they are kept. A part that cannot be read (an older or newer Muster wrote it) is as usual. */
export function readableWords(kind: MessageKind, words: Record<string, unknown>): Partial<Wording> {
  const allowed = placeholdersFor(kind);
  const read = Object.entries(wordingSchema.shape).flatMap(([part, schema]) => {
    const parsed = schema.safeParse(words[part]);
    return parsed.success && !placeholderProblem(parsed.data, allowed) ? [[part, parsed.data]] : [];
  });
  return Object.fromEntries(read);
}
