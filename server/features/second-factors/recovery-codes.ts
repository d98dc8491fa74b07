import { randomBytes } from "node:crypto";
import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { insertRecoveryCodes, listRecoveryCodes, removeRecoveryCodes, takeRecoveryCode } from "./store.ts";

const howMany = 10;
/** Crockford's: nothing in it can be mistaken for something else. 32 letters, so that a byte chooses each alike. */
const letters = "0123456789abcdefghjkmnpqrstvwxyz";
const lengthOfHalf = 5;

const newCode = () => {
  const code = [...randomBytes(2 * lengthOfHalf)].map((byte) => letters[byte % letters.length]).join("");
  return `${code.slice(0, lengthOfHalf)}-${code.slice(lengthOfHalf)}`;
};

/** As it was shown, however it is typed. */
const asShown = (typed: string) =>
  typed
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replaceAll("o", "0")
    .replace(/[il]/g, "1");

/** By a key of the instance: 50 random bits are enough where nobody can try them against what the database holds. */
const hashOf = ({ tenantId, instance }: Context, userId: string, code: string) =>
  Buffer.from(instance.secrets.sign("recovery code", `${tenantId}:${userId}:${asShown(code)}`), "base64url");

/** New ones in place of all there were; they are shown once and kept as hashes. */
export async function makeRecoveryCodes(ctx: Context, userId: string): Promise<string[]> {
  const codes = Array.from({ length: howMany }, newCode);
  await removeRecoveryCodes(ctx, [userId]);
  await insertRecoveryCodes(
    ctx,
    userId,
    codes.map((code) => hashOf(ctx, userId, code)),
  );
  await record(ctx, { action: "second_factor.recovery_codes_made", target: { kind: "user", id: userId } });
  return codes;
}

/** With something new that they stand in for, for whoever has none that still works. */
export const makeFirstRecoveryCodes = async (ctx: Context, userId: string) =>
  (await countUnused(ctx, userId)) > 0 ? [] : makeRecoveryCodes(ctx, userId);

const countUnused = async (ctx: Context, userId: string) =>
  (await listRecoveryCodes(ctx, userId)).filter((code) => code.used_at === null).length;

/** Uses a code up, and tells its owner by email: it may have been somebody who found their list. */
export async function spendRecoveryCode(ctx: Context, userId: string, typed: string): Promise<boolean> {
  if (!(await takeRecoveryCode(ctx, userId, hashOf(ctx, userId, typed)))) return false;
  const left = await countUnused(ctx, userId);
  await record(ctx, {
    action: "second_factor.recovery_code_used",
    target: { kind: "user", id: userId },
    details: { left },
    by: userId,
  });
  await addMessages(ctx, [{ userId, kind: "second_factor.recovery_code_used", dueAt: "first" }]);
  return true;
}
