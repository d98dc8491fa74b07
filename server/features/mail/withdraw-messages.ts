import type { Context } from "#server/context.ts";
import { assuredKinds, holdForKinds, tellKinds } from "./kinds.ts";
import { withdrawUnsent } from "./store.ts";

type Options = {
  /** Of these kinds only. */
  kinds?: readonly string[];
  /** Of these messages only. */
  ids?: readonly string[];
  /** What the message's row says of it. */
  why?: string;
  /** Nobody is there any more whom anything could be told: those too that are never taken back otherwise. */
  everything?: true;
};

/**
 * Takes back what has not been handed over yet, and answers whose it was. What such a message alone was to carry (a sealed
 * password) is erased, unless another one is to carry it: "keeping secrets". A message that is being handed over at this
 * moment cannot be taken back and is not in the answer.
 */
export async function withdrawMessages(
  ctx: Context,
  userIds: readonly string[],
  options: "keeping secrets" | Options = {},
): Promise<string[]> {
  const {
    kinds = null,
    ids = null,
    why = "Withdrawn before it was sent.",
    everything = false,
  } = options === "keeping secrets" ? {} : options;
  if (options !== "keeping secrets") await holdForKinds(ctx, userIds, kinds ?? undefined);
  const but = everything ? [] : assuredKinds();
  const withdrawn = await withdrawUnsent(ctx.tx, { ...ctx, userIds, kinds, but, ids, why });
  if (options !== "keeping secrets") await tellKinds(ctx, "givenUp", withdrawn);
  return withdrawn.map((message) => message.userId);
}
