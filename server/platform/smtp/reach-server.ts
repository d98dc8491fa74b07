import { type LookupAddress, lookup } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import type { SmtpServer } from "./smtp-server.ts";

type Where = Pick<SmtpServer, "host" | "port" | "refuse">;

/**
 * Connects to one of the addresses a server's name leads to at this moment, and to none that is refused: a name that was
 * looked up before may lead elsewhere by now.
 */
export function reachServer({ host, port, refuse }: Where, patienceMs: number): Promise<Socket> {
  const refused = isIP(host) ? refuse?.(host) : undefined;
  if (refused) return Promise.reject(new Error(refused));
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
  (refuse: (address: string) => string | undefined): LookupFunction =>
  (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const allowed = found.filter(({ address }) => !refuse(address));
      const [first] = allowed.length > 0 ? allowed : found;
      if (allowed.length === 0 || !first) return done(new Error(reasonOf(refuse, first)), []);
      if (options.all) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };

const reasonOf = (refuse: (address: string) => string | undefined, found: LookupAddress | undefined) =>
  (found && refuse(found.address)) ?? "Its name leads nowhere.";
