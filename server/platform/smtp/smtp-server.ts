import { isIP, isIPv4 } from "node:net";
import { parseConnectionUrl } from "nodemailer/lib/shared";
import type { SMTPPoolOptions } from "nodemailer/lib/smtp-pool";
import { isPublicAddress } from "./public-address.ts";
import { reachServer } from "./reach-server.ts";

export type Refuse = (address: string) => Promise<string | undefined>;

/** A mail server, part by part. */
export type SmtpServer = {
  host: string;
  port: number;
  /** TLS from the first byte, STARTTLS without which nothing is sent, or nothing at all. */
  security: "tls" | "starttls" | "none";
  login?: { user: string; password: string } | undefined;
  /** Why an address that the name leads to may not be connected to; asked at every connection. */
  refuse?: Refuse;
};

/** A mail server as `SMTP_URL` names it, or part by part. */
export type AnyServer = string | SmtpServer;

export const nameOfServer = (server: AnyServer) =>
  typeof server === "string" ? new URL(server).host : `${server.host}:${server.port}`;

/** As nodemailer wants it. `connecting`: for how many milliseconds a connection may be in the making. */
export function connectionOptions(server: AnyServer, connecting: number): SMTPPoolOptions {
  if (typeof server === "string") return optionsOfUrl(server);
  const { host, port, security, login } = server;
  return {
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    // Without a login that was asked for nothing is sent, also where the server offers none.
    ...(login && { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    getSocket: (_options, done) => {
      reachServer(server, connecting).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error),
      );
    },
  };
}

/**
 * Whoever stands between us and a server can have it seem not to offer STARTTLS, and would be told our login. So that goes
 * nowhere unencrypted but to this machine and an address of a network of our own, unless `requireTLS=false` says so. Nobody stands
 * between us and this machine, and no certificate is made for its name: there any will do, unless `tls.rejectUnauthorized=true` says so.
 */
function optionsOfUrl(url: string): SMTPPoolOptions {
  const options = parseConnectionUrl(url);
  const { host = "localhost", auth, requireTLS, tls } = options;
  return {
    ...options,
    ...(auth && requireTLS === undefined && !isNear(host) && { requireTLS: true }),
    ...(isHere(host) && { tls: { rejectUnauthorized: false, ...tls } }),
  };
}

const isNear = (host: string) => host === "localhost" || (isIP(host) !== 0 && !isPublicAddress(host));
const isHere = (host: string) =>
  host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
