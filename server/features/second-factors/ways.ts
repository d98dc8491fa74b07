import type { Context } from "#server/context.ts";
import { listPasskeys } from "./passkeys/store-passkeys.ts";
import type { Way } from "./shapes.ts";
import { listRecoveryCodes, readAuthenticator } from "./store.ts";

/** By what somebody can show that it is them, beside the password; none where they have no second factor. */
export async function waysOf(ctx: Context, userId: string): Promise<Way[]> {
  const ways: Way[] = [];
  if ((await listPasskeys(ctx, userId)).length > 0) ways.push("passkey");
  if (await readAuthenticator(ctx, userId)) ways.push("authenticator");
  if (ways.length === 0) return [];
  const codes = await listRecoveryCodes(ctx, userId);
  return codes.some(({ used_at: usedAt }) => usedAt === null) ? [...ways, "recovery_code"] : ways;
}
