import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";

type Owner = { tenantId: string; userId: string };

const context = ({ tenantId, userId }: Owner) => `password:${tenantId}:${userId}`;

/** Seals a password that waits to be hashed or mailed. The seal opens for this user of this tenant only. */
export const sealPassword = (secrets: InstanceSecrets, owner: Owner, password: string) =>
  secrets.seal(password, context(owner));

export const openPassword = (secrets: InstanceSecrets, owner: Owner, sealed: Buffer) =>
  secrets.open(sealed, context(owner)).toString();
