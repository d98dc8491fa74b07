import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { verifyPassword } from "../credentials/hash-password.ts";
import { type Credential, readCredential } from "../credentials/store.ts";
import { nobodysTenant } from "../tenants/find-tenant.ts";
import { readTenant } from "../tenants/store.ts";
import { checkEmailAddress, emailKey } from "../users/email-address.ts";
import { findUserByEmail, type UserRow } from "../users/store.ts";
import type { signIn as contract } from "./contract.ts";
import { answerLetIn, letIn } from "./let-in.ts";
import { signInKey } from "./lockout.ts";

type Found = { user?: UserRow | undefined; credential?: Credential | undefined };

/**
 * Signs in with email and password; whoever has a second factor is then asked for it. Whether the tenant, the address or the
 * password is wrong, whether somebody is invited, suspended or has a temporary password that is too old: one answer, after
 * one argon2id run.
 */
export async function signIn(door: Door, input: z.output<typeof contract.body>, http: Http) {
  const attempt = await door.instance.throttle({
    ip: http.ip,
    person: signInKey(door.tenantId, input.email),
  });
  const found = await door.run((ctx) => findPerson(ctx, input.email));
  const fits = await verifyPassword(usableHash(found, door.now), input.password);
  const started = await door.run(async (ctx) => {
    // Looked at again, locked: somebody may have been suspended, or the password changed, while it was hashed, and what
    // ends all sessions must not miss the one that begins here.
    const { user, credential } = fits ? await findPerson(ctx, input.email, "lock") : {};
    if (!user || !credential || credential.password_hash !== found.credential?.password_hash) {
      return void (await noteRefusal(ctx, input.email, found.user));
    }
    const whom = { userId: user.id, mustChangePassword: credential.temporary };
    const result = await letIn(ctx, whom, http);
    const action = "begun" in result ? "sign_in.begun" : "sign_in.succeeded";
    await record(ctx, { action, target: { kind: "user", id: user.id }, by: user.id });
    return result;
  });
  if (!started) throw refused();
  await attempt.succeeded();
  return answerLetIn(door, started, http);
}

async function findPerson(ctx: Context, email: string, lock?: "lock"): Promise<Found> {
  const tenant = await readTenant(ctx.tx, ctx.tenantId);
  const user = await findUserByEmail(ctx, email, lock);
  // Asked in any case: the same statements whether somebody exists or not.
  const credential = await readCredential(ctx, user?.id ?? nobodysTenant);
  return tenant?.status === "active" && user?.status === "active" ? { user, credential } : {};
}

function usableHash({ credential }: Found, now: Date) {
  if (!credential) return null;
  const expired = credential.temporary && credential.expires_at !== null && credential.expires_at <= now;
  return expired ? null : credential.password_hash;
}

/** What was typed is kept, erasable, where it is an address: a password in the wrong field is nobody's business. */
async function noteRefusal(ctx: Context, typed: string, user: UserRow | undefined) {
  if (ctx.tenantId === nobodysTenant) return;
  const checked = checkEmailAddress(typed);
  await record(ctx, {
    action: "sign_in.refused",
    ...(user && { target: { kind: "user", id: user.id } }),
    ...(checked.ok && { address: checked.address, addressKey: emailKey(checked.address) }),
  });
}

const refused = () =>
  new ProblemError(
    401,
    "sign_in.refused",
    "This email address and password do not fit together. Check both, or use Forgotten password. A temporary password stops working after some days.",
  );
