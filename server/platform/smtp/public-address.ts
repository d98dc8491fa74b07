import ipaddr from "ipaddr.js";

/**
 * Is this an address on the internet? Not loopback, link-local, private, shared or reserved, nor an IPv6 form that leads to
 * such an IPv4 address.
 */
export const isPublicAddress = (address: string) =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
