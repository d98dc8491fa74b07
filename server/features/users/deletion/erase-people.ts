import type { Context } from "#server/context.ts";
import { recordAll } from "../../audit/record.ts";
import { whoIsBeingSentTo } from "../../mail/erase-messages.ts";
import { eraseUsers } from "../erase-users.ts";
import { allHeldData, type HeldPerson } from "../held-data/held-data.ts";
import { heldPeople } from "../held-data/held-people.ts";

/** Whose data is gone, and why that of the others has to wait, by id. */
export type Erased = { erased: string[]; waiting: ReadonlyMap<string, string> };

/**
 * Erases deleted users for good, whom this transaction has locked: everything personal, wherever it is held. That they were
 * there, and what happened, stays in the audit log by id.
 */
export async function erasePeople(ctx: Context, userIds: readonly string[]): Promise<Erased> {
  const people = await heldPeople(ctx, userIds);
  const waiting = await whoMustWait(ctx, people);
  const leaving = people.filter(({ id }) => !waiting.has(id));
  const erased = leaving.map(({ id }) => id);
  if (erased.length === 0) return { erased, waiting };
  for (const held of allHeldData()) await held.erase(ctx, leaving);
  await eraseUsers(ctx, erased, {
    why: "Withdrawn: the person was erased.",
    addresses: leaving.flatMap(({ addresses }) => addresses),
  });
  await recordAll(
    ctx,
    erased.map((id) => ({ action: "user.erased", target: { kind: "user", id } })),
  );
  return { erased, waiting };
}

async function whoMustWait(ctx: Context, people: readonly HeldPerson[]) {
  const waiting = new Map<string, string>();
  const ids = people.map(({ id }) => id);
  const why = "An email to them is being handed over at this moment. Try again in a minute.";
  for (const id of await whoIsBeingSentTo(ctx, ids)) waiting.set(id, why);
  for (const held of allHeldData()) {
    for (const [id, because] of (await held.inUse?.(ctx, people)) ?? []) waiting.set(id, because);
  }
  return waiting;
}
