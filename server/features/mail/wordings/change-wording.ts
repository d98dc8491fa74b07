import type { Context } from "#server/context.ts";
import { changedMeanwhile, ProblemError } from "#server/platform/errors.ts";
import { changesBetween } from "../../audit/personal.ts";
import { record } from "../../audit/record.ts";
import { keepLetter } from "../../tenants/letter-changes.ts";
import type { Language } from "../../tenants/tenant-settings.ts";
import type { WordingAnswer } from "../contract.ts";
import type { MessageKind } from "../kinds.ts";
import { placeholderProblem, type Wording } from "../shapes.ts";
import { placeholdersFor, wordsPart } from "./own-wordings.ts";
import { presentWording, requireKind } from "./present-wordings.ts";
import { writeWording } from "./store-wordings.ts";

type Which = { kind: string; language: Language };
type Wanted = { wording: Wording; version: number };

/**
 * From now on such emails say this, also those that wait already. Only what differs from the usual is kept: the rest follows
 * it, also into later versions of Muster.
 */
export async function changeWording(ctx: Context, which: Which, { wording, version }: Wanted) {
  const kind = requireKind(which.kind);
  refuseUnknownPlaceholders(kind, wording);
  const usual = kind.wordings[which.language];
  const words = Object.fromEntries(
    Object.entries(wording).filter(([part, text]) => text !== usual[part as keyof Wording]),
  );
  return write(ctx, kind, { language: which.language, words, version });
}

/** From now on such emails say what is usual again. */
export async function resetWording(ctx: Context, { kind: name, language }: Which) {
  const kind = requireKind(name);
  const { version } = await presentWording(ctx, kind, language);
  return write(ctx, kind, { language, words: {}, version });
}

type Written = { language: Language; words: Partial<Wording>; version: number };

async function write(ctx: Context, kind: MessageKind, written: Written): Promise<WordingAnswer> {
  const { language } = written;
  const before = await presentWording(ctx, kind, language);
  if (!(await writeWording(ctx, { kind: kind.kind, ...written }))) throw changedMeanwhile("wording");
  const after = await presentWording(ctx, kind, language);
  const changes = changesBetween(before.said, after.said);
  if (Object.keys(changes).length === 0) return after;
  await keepLetter(ctx, { part: wordsPart(kind.kind, language), was: before.said });
  await record(ctx, {
    action: "tenant.wording_changed",
    target: { kind: "tenant", id: ctx.tenantId },
    changes,
    details: { kind: kind.kind, language },
  });
  return after;
}

export function refuseUnknownPlaceholders(kind: MessageKind, wording: Wording) {
  const allowed = placeholdersFor(kind);
  const problems = Object.entries(wording).flatMap(([part, text]) => {
    const problem = placeholderProblem(text, allowed);
    return problem ? [[part, problem] as const] : [];
  });
  const [first] = problems;
  if (first)
    throw new ProblemError(422, "wording.unknown_placeholder", first[1], {
      fields: Object.fromEntries(problems),
    });
}
