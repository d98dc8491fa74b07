import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";

/** In one form, so that an IPv4 address is itself also where it is written as one of IPv6. */
const plain = (address: string) => ipaddr.process(address).toString();

/** Does the host of a mail server's URL lead to this address at this moment? Throws where its name is not to be found. */
export async function leadsTo(url: string, address: string): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const found = await lookup(host, { all: true });
  return found.some((one) => plain(one.address) === plain(address));
}
