import type { Language } from "../../tenants/tenant-settings.ts";
import { kindNamed, type MessageKind } from "../kinds.ts";
import { commonPlaceholders, placeholderProblem, type Wording, wordingSchema } from "../shapes.ts";
import type { WordingRow } from "./store-wordings.ts";

/** What a tenant says in words of its own, by kind and language. */
export type OwnWordings = ReadonlyMap<string, Wording>;

export const noOwnWordings: OwnWordings = new Map();

const keyOf = (kind: string, language: Language) => `${kind} ${language}`;

export const wordingOf = (kind: MessageKind, language: Language, own: OwnWordings): Wording =>
  own.get(keyOf(kind.kind, language)) ?? kind.wordings[language];

export const placeholdersFor = (kind: MessageKind) => [...commonPlaceholders, ...kind.placeholders];

export function ownWordings(rows: readonly WordingRow[]): OwnWordings {
  const own = new Map<string, Wording>();
  for (const row of rows) {
    const kind = kindNamed(row.kind);
    if (kind) own.set(keyOf(row.kind, row.language), wordingFrom(kind, row));
  }
  return own;
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
