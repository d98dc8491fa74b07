import type { HeldData } from "../users/held-data/held-data.ts";
import { listPasskeys, removePasskeys } from "./passkeys/store-passkeys.ts";
import { listRecoveryCodes, readAuthenticator, removeAuthenticators, removeRecoveryCodes } from "./store.ts";

export const heldSecondFactors: HeldData = {
  name: "secondFactors",
  read: async (ctx, { id }) => ({
    authenticatorSetUpAt: (await readAuthenticator(ctx, id))?.set_up_at ?? null,
    passkeys: (await listPasskeys(ctx, id)).map((passkey) => ({
      name: passkey.name,
      createdAt: passkey.created_at,
      lastUsedAt: passkey.last_used_at,
      holderVerified: passkey.holder_verified,
    })),
    recoveryCodes: (await listRecoveryCodes(ctx, id)).map((code) => ({
      madeAt: code.made_at,
      usedAt: code.used_at,
    })),
  }),
  erase: async (ctx, people) => {
    const userIds = people.map(({ id }) => id);
    await removeAuthenticators(ctx, userIds);
    await removePasskeys(ctx, userIds);
    await removeRecoveryCodes(ctx, userIds);
  },
};
