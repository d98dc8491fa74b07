import type { Context } from "#server/context.ts";
import { readTenant } from "./store.ts";
import { insertLetterChange, type LetterChange } from "./store-letter-changes.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** What stands in every email of a tenant; `logo` names the picture. */
export type Letterhead = Pick<TenantSettings, "name" | "accent" | "timeZone" | "language"> & {
  logo: string | null;
};
export const letterheadPart = "letterhead";

/** Of the address for answers, which may be somebody's, only whether there was one. */
export type Answers = { asked: boolean };
export const answersPart = "answers";

/**
 * For so long a change may take to be committed. What a sender finishes meanwhile does not see it yet, and counts as of the
 * edition before; what was already made with it notes so (`message_editions`).
 */
const committedWithinMs = 2_000;

/** Keeps what emails were made of until now, in the transaction that changes it. */
export async function keepLetter(ctx: Context, change: LetterChange): Promise<void> {
  await readTenant(ctx.tx, ctx.tenantId, "lock");
  await insertLetterChange(ctx, { ...change, fromAt: new Date(Date.now() + committedWithinMs) });
}

export const keepLetterhead = (ctx: Context, { name, accent, timeZone, language, logo }: Letterhead) =>
  keepLetter(ctx, { part: letterheadPart, was: { name, accent, timeZone, language, logo } });

export const keepAnswers = (ctx: Context, { replyTo }: Pick<TenantSettings, "replyTo">) =>
  keepLetter(ctx, { part: answersPart, was: { asked: replyTo !== "" } satisfies Answers });
