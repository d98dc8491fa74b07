import type { HeldData } from "../users/held-data/held-data.ts";
import { listRecoveryCodes, readAuthenticator, removeAuthenticators, removeRecoveryCodes } from "./store.ts";

export const heldSecondFactors: HeldData = {
  name: "secondFactors",
  read: async (ctx, { id }) => ({
    authenticatorSetUpAt: (await readAuthenticator(ctx, id))?.set_up_at ?? null,
    recoveryCodes: (await listRecoveryCodes(ctx, id)).map((code) => ({
      madeAt: code.made_at,
      usedAt: code.used_at,
    })),
  }),
  erase: async (ctx, people) => {
    const userIds = people.map(({ id }) => id);
    await removeAuthenticators(ctx, userIds);
    await removeRecoveryCodes(ctx, userIds);
  },
};
