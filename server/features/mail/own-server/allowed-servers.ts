import type { Config, TenantServers } from "#server/platform/config/config.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { leadsTo } from "#server/platform/smtp/leads-to.ts";
import { isPublicAddress } from "#server/platform/smtp/public-address.ts";
import type { Refuse } from "#server/platform/smtp/smtp-server.ts";
import type { MailServerInput } from "../contract.ts";

/** At which mail servers take email from their users; others could be anything. */
const usualPorts = [25, 465, 587, 2465, 2525, 2587];

const ask = "Ask whoever runs Muster.";

/** Throws where the installation lets tenants choose no such server; the address its name leads to is checked later. */
export function requireAllowed(allowed: TenantServers, { host, port, security }: MailServerInput) {
  if (allowed === "none") {
    const words = `This installation lets nobody choose a mail server. ${ask}`;
    throw new ProblemError(422, "mail_server.not_allowed", words);
  }
  if (allowed === "any") return;
  const fields: Record<string, string> = {};
  if (security === "none")
    fields["server.security"] = "Choose TLS or STARTTLS: unencrypted is for local servers only.";
  if (!usualPorts.includes(port))
    fields["server.port"] = `Choose one of the ports of mail servers: ${usualPorts.join(", ")}.`;
  if (host === "localhost" || (/^[\d.]+$|:/.test(host) && !isPublicAddress(host)))
    fields["server.host"] = `Only mail servers on the internet can be chosen here. ${ask}`;
  if (Object.keys(fields).length > 0)
    throw new ProblemError(422, "mail_server.not_allowed", "This mail server cannot be used.", { fields });
}

type Allowed = Pick<Config, "mailTenantServers" | "smtpUrl">;
type Chosen = Pick<MailServerInput, "security" | "user">;

/** Why an address that a tenant's server's name leads to is not connected to. Asked at every connection. */
export const refuseAddress =
  ({ mailTenantServers: allowed, smtpUrl }: Allowed, { security, user }: Chosen): Refuse =>
  async (address) => {
    const isPublic = isPublicAddress(address);
    if (allowed === "none") return `this installation lets tenants use no mail server of their own. ${ask}`;
    if (allowed === "public" && !isPublic)
      return `its name leads to an address that is not on the internet, and only those can be used here. ${ask}`;
    if (security === "none" && isPublic)
      return "it is on the internet, and nothing is sent there unencrypted. Choose TLS or STARTTLS.";
    // It may trust Muster for where it connects from, and then takes any sender from whoever comes by Muster.
    if (!user && smtpUrl && (await leadsTo(smtpUrl, address)))
      return "it is the installation's own mail server. Give a user of your own there, or remove it here.";
    return undefined;
  };
