import type { z } from "zod";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import type { Http, InstanceContext } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { hashPassword } from "../credentials/hash-password.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { createTenant } from "../tenants/create-tenant.ts";
import { anyTenant } from "../tenants/store.ts";
import { addOwner } from "../users/add-owner.ts";
import type { setUp as contract } from "./contract.ts";
import { presentMe } from "./present-me.ts";
import { startSession } from "./start-session.ts";
import { findSetUpLink, insertSetUpLink, lockSetUp, spendSetUpLinks } from "./store.ts";

const setUpLinkHours = 24;

/**
 * A new one-time link to set up an empty installation; undefined when there is a tenant already. Links printed by earlier
 * starts stay good until they expire.
 */
export async function makeSetUpLink({ database, instance }: Pick<InstanceContext, "database" | "instance">) {
  const secret = secretToken();
  const now = new Date();
  const made = await database.asSystem("make a set-up link for an empty installation", async (tx) => {
    if (await anyTenant(tx)) return false;
    await insertSetUpLink(tx, hashToken(secret), { now, expiresAt: hoursAfter(now, setUpLinkHours) });
    return true;
  });
  return made ? `${instance.config.publicUrl}/setup#${secret}` : undefined;
}

export async function checkSetUp({ database, instance, now }: InstanceContext, secret: string) {
  await database.asSystem("look at a set-up link", (tx) => requireOpenLink(tx, secret, now));
  return { address: instance.config.publicUrl };
}

/** The first tenant, its owner and the owner's session in one transaction; the link is used up with it. */
export async function setUp(ctx: InstanceContext, input: z.output<typeof contract.body>, http: Http) {
  const { database, now } = ctx;
  await database.asSystem("look at a set-up link", (tx) => requireOpenLink(tx, input.secret, now));
  const passwordHash = await hashPassword(input.password);
  const { tenant, session, me } = await database.asSystem("set up the first tenant", async (tx) => {
    await requireOpenLink(tx, input.secret, now);
    const { slug, tenantName: name, timeZone } = input;
    const made = await createTenant(tx, { slug, name, timeZone, now });
    const owned = { ...ctx.door(made), tx, enqueue: enqueueIn(tx) };
    const ownerId = await addOwner(owned, { ...input, passwordHash });
    await record(owned, { action: "tenant.set_up", target: { kind: "tenant", id: made.id }, by: ownerId });
    await spendSetUpLinks(tx, now);
    const started = await startSession(owned, { userId: ownerId }, http);
    return { tenant: made, session: started, me: await presentMe(owned, ownerId, false) };
  });
  http.setSession(tenant.slug, session.token, session.keepUntil);
  return me;
}

/** One at a time: of two uses at once, also of different links, the second finds the installation set up. */
async function requireOpenLink(tx: Tx, secret: string, now: Date) {
  await lockSetUp(tx);
  const link = await findSetUpLink(tx, hashToken(secret), now);
  if (link && !(await anyTenant(tx))) return;
  throw new ProblemError(
    410,
    "setup.link_invalid",
    "This set-up link has been used or is too old. Start Muster again: an installation without a tenant prints a new one.",
  );
}
