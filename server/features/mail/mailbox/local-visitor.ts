import { isIPv4 } from "node:net";

type Visit = {
  /** Where people reach Muster: not on this machine means that a proxy stands before it, one that says nothing perhaps. */
  publicUrl: string;
  socketAddress: string;
  headers: Record<string, string | string[] | undefined>;
};

/** Headers by which proxies of any kind say that they pass on someone else's request. */
const ofProxies =
  /^(x-forwarded|forwarded$|via$|x-real-ip$|x-original-|x-client-ip$|x-cluster-client-ip$|x-proxy|x-envoy-|x-amz|x-azure-|x-appengine-|x-arr-|true-client-ip$|client-ip$|cf-|cdn-|fastly-|fly-|akamai-|x-vercel-|x-nginx-|x-scheme$|x-request-uri$|proxy-)/;

const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Does somebody at this machine visit Muster directly? By the socket's address, never by what a header says; with no trace
 * of a proxy; and under a local name, because a page elsewhere may have its own name point to this machine (DNS rebinding).
 */
export function isLocalVisitor({ publicUrl, socketAddress, headers }: Visit): boolean {
  const { host } = headers;
  return (
    local.test(new URL(publicUrl).host) &&
    isLoopback(socketAddress) &&
    typeof host === "string" &&
    local.test(host) &&
    !Object.keys(headers).some((name) => ofProxies.test(name.toLowerCase()))
  );
}

function isLoopback(address: string) {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || (isIPv4(plain) && plain.startsWith("127."));
}
