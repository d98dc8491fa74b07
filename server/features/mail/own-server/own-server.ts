import type { Context, Instance } from "#server/context.ts";
import type { SmtpServer } from "#server/platform/smtp/smtp-server.ts";
import { refuseAddress } from "./allowed-servers.ts";
import { type KeptServer, readKeptServer } from "./store-servers.ts";

/** The mail server a tenant has chosen, ready to be connected to. */
export type OwnServer = { tenantId: string; revision: string; smtp: SmtpServer } & OwnAddresses;

/** Whom emails come from that go by it, and where reports go of those that came back. */
type OwnAddresses = { fromAddress: string; bounceAddress: string };

/** As whom it sends. */
export const sendingAs = ({ fromAddress, bounceAddress }: OwnAddresses) => ({
  ownAddress: fromAddress,
  ...(bounceAddress && { ownBounceAddress: bounceAddress }),
});

/** Undefined where emails go by the installation's. */
export async function readOwnServer({ tx, tenantId, instance }: Context): Promise<OwnServer | undefined> {
  const kept = await readKeptServer(tx, tenantId);
  if (!kept) return undefined;
  const { revision, from_address: fromAddress, bounce_address } = kept;
  const password = openPassword(instance, tenantId, kept);
  return {
    tenantId,
    revision,
    fromAddress,
    bounceAddress: bounce_address ?? "",
    smtp: smtpServer(instance, { ...kept, user: kept.login_user ?? "", password }),
  };
}

type Parts = Pick<SmtpServer, "host" | "port" | "security"> & { user: string; password: string | undefined };

export const smtpServer = (
  { config }: Pick<Instance, "config">,
  { host, port, security, user, password }: Parts,
): SmtpServer => ({
  host,
  port,
  security,
  login: user ? { user, password: password ?? "" } : undefined,
  refuse: refuseAddress(config, { security, user }),
});

const sealedFor = (tenantId: string) => `mail server ${tenantId}`;

export const sealPassword = ({ secrets }: Pick<Instance, "secrets">, tenantId: string, password: string) =>
  secrets.seal(password, sealedFor(tenantId));

export const openPassword = (
  { secrets }: Pick<Instance, "secrets">,
  tenantId: string,
  { sealed_password: sealed }: Pick<KeptServer, "sealed_password">,
) => (sealed ? secrets.open(sealed, sealedFor(tenantId)).toString() : undefined);
