import { recordAll } from "../audit/record.ts";
import type { AddressKeeper } from "../mail/failed-addresses.ts";
import { emailKey } from "./email-address.ts";
import { lockUsers } from "./store.ts";
import { writeMailFailures } from "./store-mail-failure.ts";

/** Nothing more is sent to an address that failed, until somebody corrects it or takes the mark away. */
export const addressKeeper: AddressKeeper = {
  hold: lockUsers,
  markFailed: async (ctx, addresses) => {
    const marked = await writeMailFailures(
      ctx,
      addresses.map(({ userId, address, reply }) => ({ userId, emailKey: emailKey(address), reply })),
    );
    await recordAll(
      ctx,
      marked.map((id) => ({ action: "user.mail_failed", target: { kind: "user", id } })),
    );
  },
};
