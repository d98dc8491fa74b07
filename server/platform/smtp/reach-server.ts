import type { LookupOptions } from "node:dns";
import { lookup } from "node:dns/promises";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import type { Refuse, SmtpServer } from "./smtp-server.ts";

type Where = Pick<SmtpServer, "host" | "port" | "refuse">;

/**
 * Connects to one of the addresses a server's name leads to at this moment, and to none that is refused: a name that was
 * looked up before may lead elsewhere by now.
 */
export async function reachServer({ host, port, refuse }: Where, patienceMs: number): Promise<Socket> {
  const refused = isIP(host) ? await refuse?.(host) : undefined;
  if (refused) throw new Error(refused);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      autoSelectFamily: true,
      ...(refuse && { lookup: lookupAllowed(refuse) }),
    });
    const settle = (error?: Error) => {
      clearTimeout(timer);
      socket.off("error", settle);
      if (error) {
        socket.on("error", () => {}).destroy();
        reject(error);
      } else resolve(socket);
    };
    const timer = setTimeout(
      () => settle(Object.assign(new Error("Connection timeout"), { code: "ETIMEDOUT" })),
      patienceMs,
    );
    socket.once("error", settle).once("connect", () => settle());
  });
}

/** The addresses of a name that are not refused; fails with the reason where there is no other. */
const lookupAllowed =
  (refuse: Refuse): LookupFunction =>
  (host, options, done) => {
    addressesOf(host, options, refuse).then(
      (allowed) =>
        options.all ? done(null, allowed) : done(null, allowed[0]?.address ?? "", allowed[0]?.family),
      (error: Error) => done(error, []),
    );
  };

async function addressesOf(host: string, options: LookupOptions, refuse: Refuse) {
  const found = await lookup(host, { ...options, all: true });
  const reasons = await Promise.all(found.map(({ address }) => refuse(address)));
  const allowed = found.filter((_, n) => reasons[n] === undefined);
  if (allowed.length === 0) throw new Error(reasons[0] ?? "Its name leads nowhere.");
  return allowed;
}
