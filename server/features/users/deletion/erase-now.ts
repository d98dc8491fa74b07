import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { emailKey } from "../email-address.ts";
import { requireManageable } from "../lock-user.ts";
import { erasePeople } from "./erase-people.ts";
import { lockDeleted } from "./store-deleted.ts";

/** Erases a deleted user before their days are over. `email` is typed again: it cannot be taken back. */
export async function eraseNow(ctx: Context, userId: string, { email }: { email: string }): Promise<void> {
  const [user] = await lockDeleted(ctx, [userId]);
  if (!user) throw notFound("deleted user");
  requireManageable(ctx, user);
  if (emailKey(email) !== emailKey(user.email)) throw differs(user.email);
  const { waiting } = await erasePeople(ctx, [userId]);
  const why = waiting.get(userId);
  if (why) throw new ProblemError(409, "user.in_use", why);
}

function differs(email: string) {
  const detail = `Type ${email}, the address of whom you want to erase.`;
  return new ProblemError(422, "user.not_confirmed", detail, { fields: { email: detail } });
}
