import type { Context } from "#server/context.ts";
import type { Role } from "#server/permissions.ts";
import { readSettings } from "../tenants/settings.ts";
import type { OwnFactors } from "./contract.ts";
import { listPasskeys } from "./passkeys/store-passkeys.ts";
import { requiresSecondFactor } from "./requires-second-factor.ts";
import { listRecoveryCodes, readAuthenticator } from "./store.ts";

/** The second factors of somebody; nothing secret is among it. */
export async function presentFactors(ctx: Context, user: { id: string; role: Role }): Promise<OwnFactors> {
  const authenticator = await readAuthenticator(ctx, user.id);
  const settings = await readSettings(ctx);
  const codes = await listRecoveryCodes(ctx, user.id);
  const [newest] = codes;
  return {
    authenticator: authenticator ? { setUpAt: authenticator.set_up_at.toISOString() } : null,
    passkeys: (await listPasskeys(ctx, user.id)).map((passkey) => ({
      id: passkey.id,
      name: passkey.name,
      createdAt: passkey.created_at.toISOString(),
      lastUsedAt: passkey.last_used_at?.toISOString() ?? null,
      signsInAlone: passkey.holder_verified && settings.passkeySignIn,
    })),
    recoveryCodes: newest
      ? {
          left: codes.filter(({ used_at: usedAt }) => usedAt === null).length,
          madeAt: newest.made_at.toISOString(),
        }
      : null,
    required: requiresSecondFactor(settings, user.role),
  };
}
