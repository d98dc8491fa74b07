import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { record } from "../../audit/record.ts";
import { listPasskeys, writePasskeyName } from "./store-passkeys.ts";

/** Calls one's own passkey something else. */
export async function renamePasskey(
  ctx: Context,
  userId: string,
  { id, name }: { id: string; name: string },
) {
  const passkey = (await listPasskeys(ctx, userId)).find((one) => one.id === id);
  if (!passkey) throw notFound("passkey");
  if (passkey.name === name) return;
  await writePasskeyName(ctx, id, { userId, name });
  await record(ctx, {
    action: "second_factor.passkey_renamed",
    target: { kind: "user", id: userId },
    changes: { passkey: { before: passkey.name, after: name } },
  });
}
