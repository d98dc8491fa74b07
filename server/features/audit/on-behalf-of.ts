import type { Context } from "#server/context.ts";

/** The same, of work in the background that somebody asked for: it is recorded as theirs. null: whoever runs Muster. */
export const onBehalfOf = (ctx: Context, userId: string | null): Context => ({
  ...ctx,
  actor: { kind: "system", askedBy: userId === null ? { kind: "operator" } : { kind: "user", id: userId } },
});
