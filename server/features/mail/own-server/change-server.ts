import { v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { changedMeanwhile, ProblemError } from "#server/platform/errors.ts";
import { changesBetween, type Value } from "../../audit/personal.ts";
import { record } from "../../audit/record.ts";
import { wakeSender } from "../add-messages.ts";
import type { changeMailServer as contract, MailServerAnswer, MailServerInput } from "../contract.ts";
import { installationAddress } from "../rendering/compose-message.ts";
import { hastenDeferred } from "../store-pending.ts";
import { requireAllowed } from "./allowed-servers.ts";
import { openPassword, sealPassword } from "./own-server.ts";
import { type KeptServer, readKeptServer, removeKeptServer, writeKeptServer } from "./store-servers.ts";
import { tellOwners } from "./tell-owners.ts";

export async function presentServer({ tx, tenantId, instance }: Context): Promise<MailServerAnswer> {
  const kept = await readKeptServer(tx, tenantId);
  const { config } = instance;
  return {
    server: kept ? { ...shown(kept), passwordSet: kept.sealed_password !== null } : null,
    revision: kept?.revision ?? null,
    allowed: config.mailTenantServers,
    installation: { fromAddress: installationAddress(config), sends: config.smtpUrl !== undefined },
  };
}

const shown = ({ host, port, security, login_user, from_address, bounce_address }: KeptServer) => ({
  fromAddress: from_address,
  bounceAddress: bounce_address ?? "",
  host,
  port,
  security,
  user: login_user ?? "",
});

type Change = z.output<typeof contract.body>;

/** What the old server kept waiting is tried by the new one at once. */
export async function changeServer(ctx: Context, { server, revision }: Change): Promise<MailServerAnswer> {
  const { tx, tenantId } = ctx;
  const before = await readKeptServer(tx, tenantId);
  if ((before?.revision ?? null) !== revision) throw changedMeanwhile("page");
  if (server) await write(ctx, server, before);
  else if (before && !(await removeKeptServer(ctx, before.revision))) throw changedMeanwhile("page");
  if (server || before) {
    const eventId = await recordChange(ctx, { before, after: server });
    if (eventId) await tellOwners(ctx, eventId);
    await hastenDeferred(ctx);
    await wakeSender(ctx);
  }
  return presentServer(ctx);
}

async function write(ctx: Context, server: MailServerInput, before: KeptServer | undefined) {
  const { instance, tenantId } = ctx;
  requireAllowed(instance.config.mailTenantServers, server);
  const password = passwordFor(ctx, server, before);
  const row = {
    host: server.host,
    port: server.port,
    security: server.security,
    login_user: server.user || null,
    sealed_password: password === undefined ? null : sealPassword(instance, tenantId, password),
    from_address: server.fromAddress,
    bounce_address: server.bounceAddress || null,
  };
  if (!(await writeKeptServer(ctx, row, before?.revision ?? null))) throw changedMeanwhile("page");
}

/**
 * The password typed, else the one that is kept. That is never sent to another server, in another way or for another user
 * than it was typed for: whoever may change the server could read it there.
 */
export function passwordFor(
  { instance, tenantId }: Pick<Context, "instance" | "tenantId">,
  { host, port, security, user, password }: MailServerInput,
  kept: KeptServer | undefined,
): string | undefined {
  if (!user) return undefined;
  if (password !== undefined) return password;
  const same =
    kept?.host === host && kept.port === port && kept.security === security && kept.login_user === user;
  const known = same ? openPassword(instance, tenantId, kept) : undefined;
  if (known !== undefined) return known;
  const words = kept?.sealed_password
    ? "Type the password again: it is kept for the server, port, encryption and user it was typed for."
    : "Type the password, or leave the user empty.";
  throw new ProblemError(422, "mail_server.password_missing", words, {
    fields: { "server.password": words },
  });
}

type Recorded = { before: KeptServer | undefined; after: MailServerInput | null };

/** Answers the event; undefined where nothing was changed. */
async function recordChange(ctx: Context, { before, after }: Recorded): Promise<string | undefined> {
  const none: Record<string, Value> = {
    fromAddress: null,
    bounceAddress: null,
    host: null,
    port: null,
    security: null,
    user: null,
  };
  const { password, ...server } = after ?? {};
  const changes = changesBetween(before ? shown(before) : none, after ? { ...none, ...server } : none);
  const fields = [...Object.keys(changes), ...(password === undefined ? [] : ["password"])];
  if (fields.length === 0) return undefined;
  const id = uuid();
  await record(ctx, {
    id,
    action: after ? "tenant.mail_server_changed" : "tenant.mail_server_removed",
    target: { kind: "tenant", id: ctx.tenantId },
    changes,
    fields,
    ...(after && { details: { server: `${after.host}:${after.port}` } }),
  });
  return id;
}
