import type { Context } from "#server/context.ts";
import { addressesInHistory } from "../../audit/erase-personal.ts";
import { emailKey } from "../email-address.ts";
import { emailsOf } from "../store.ts";
import type { HeldPerson } from "./held-data.ts";

/** These users, deleted ones too, with every address they have or had. */
export async function heldPeople(ctx: Context, userIds: readonly string[]): Promise<HeldPerson[]> {
  const present = await emailsOf(ctx, userIds);
  const former = await addressesInHistory(ctx, userIds);
  return present.map(({ id, email }) => ({
    id,
    addresses: [...new Set([email, ...(former.get(id) ?? [])].map(emailKey))],
  }));
}
