import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { type Language, languages } from "../../tenants/tenant-settings.ts";
import type { WordingAnswer, WordingsAnswer } from "../contract.ts";
import { allKinds, isMustersOwn, kindNamed, type MessageKind } from "../kinds.ts";
import { placeholders } from "../shapes.ts";
import { placeholdersFor, readableWords } from "./own-wordings.ts";
import { readWordings, type WordingRow } from "./store-wordings.ts";

/** Every kind of email in every language: what it usually says, and what the tenant says instead. */
export async function presentWordings(ctx: Context): Promise<WordingsAnswer> {
  const rows = await readWordings(ctx);
  const items = worded().map((kind) => ({
    kind: kind.kind,
    placeholders: placeholdersFor(kind).map((name) => ({ name, meaning: placeholders[name] })),
    wordings: languages.map((language) => wordingAnswer(kind, language, rows)),
  }));
  return { items };
}

export const presentWording = async (ctx: Context, kind: MessageKind, language: Language) =>
  wordingAnswer(kind, language, await readWordings(ctx));

function wordingAnswer(kind: MessageKind, language: Language, rows: readonly WordingRow[]): WordingAnswer {
  const row = rows.find((one) => one.kind === kind.kind && one.language === language);
  const usual = kind.wordings[language];
  return {
    language,
    usual,
    said: { ...usual, ...readableWords(kind, row?.words ?? {}) },
    version: row?.version ?? 0,
  };
}

const worded = () => allKinds().filter((kind) => !isMustersOwn(kind));

export function requireKind(name: string): MessageKind {
  const kind = kindNamed(name);
  if (!kind || isMustersOwn(kind)) throw notFound("kind of email");
  return kind;
}
