import type { SigningKey } from "#server/platform/crypto/signing-key.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { headOf } from "./head.ts";
import { listHeads } from "./store-chain.ts";
import type { ExportedHead } from "./verify-chain.ts";

/** The newest signed head, as it is kept outside; undefined while nothing has been chained. As the system role. */
export async function readHead(tx: Tx, tenantId: string, key: SigningKey): Promise<ExportedHead | undefined> {
  const [newest] = await listHeads(tx, tenantId, 1);
  if (!newest) return undefined;
  return {
    ...headOf(tenantId, newest),
    publicKey: key.publicKey,
    signature: newest.signature.toString("base64url"),
  };
}
