import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { adviceFor, type Step } from "./advise.ts";
import { type Composed, composeSource } from "./compose-source.ts";
import { deliveryOf, isAboutTls, tidyReply } from "./delivery.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";
import { reachServer } from "./reach-server.ts";
import { type DkimKey, signSource } from "./sign-source.ts";
import { type AnyServer, connectionOptions, nameOfServer } from "./smtp-server.ts";

/** How one step of a conversation went: in plain words, with the server's own, and what to do where it failed. */
export type StepTaken = {
  step: Step;
  ok: boolean;
  words: string;
  /** The same for who may not know which server it is, where it is, and as whom it is logged in to. */
  discreetWords: string;
  advice?: string;
};

type Options = {
  server: AnyServer;
  message: OutgoingMessage;
  dkim?: DkimKey | undefined;
  patienceMs: number;
};
type Settings = ReturnType<typeof connectionOptions>;
type Connection = InstanceType<typeof SMTPConnection>;

/**
 * One conversation with a mail server, on a connection of its own, told step by step: connected, encrypted, logged in,
 * message taken. Ends at the first step that fails; never throws for what the server does.
 */
export async function tryServer({ server, message, dkim, patienceMs }: Options): Promise<StepTaken[]> {
  const settings = connectionOptions(server, patienceMs);
  const steps: StepTaken[] = [];
  let step: Step = "connect";
  let connection: Connection | undefined;
  const timer = setTimeout(() => connection?.close(), patienceMs * 2);
  const took = (words: string, discreetWords = words) => steps.push({ step, ok: true, words, discreetWords });
  try {
    const { socket, where } = await reach(server, settings, patienceMs);
    took(`Connected to ${where}.`, "Connected.");
    step = "greet";
    connection = openConnection(settings, socket, patienceMs);
    await greeted(connection);
    step = "secure";
    took(encryptionOf(connection));
    step = "login";
    took(...(await logIn(connection, settings)));
    step = "send";
    const { source, envelope } = composeSource(message);
    const composed = { source: await signSource(source, dkim), envelope };
    took(`The server took the email: ${await handOver(connection, composed)}`);
    connection.quit();
  } catch (error) {
    steps.push(failed(error, { step, server, settings }));
    connection?.close();
  } finally {
    clearTimeout(timer);
  }
  return steps;
}

async function reach(server: AnyServer, settings: Settings, patienceMs: number) {
  const where =
    typeof server === "string"
      ? { host: settings.host ?? "localhost", port: Number(settings.port) || (settings.secure ? 465 : 587) }
      : server;
  const socket = await reachServer(where, patienceMs);
  const address = socket.remoteAddress === where.host ? "" : ` (${socket.remoteAddress})`;
  return { socket, where: `${nameOfServer(server)}${address}` };
}

const openConnection = ({ getSocket: _, ...settings }: Settings, socket: Socket, patienceMs: number) =>
  new SMTPConnection({
    ...settings,
    connection: socket,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });

/** The greeting and, where asked for, TLS. A failure at any time is an event; after the first nobody listens. */
const greeted = (connection: Connection) =>
  new Promise<void>((resolve, reject) => {
    connection.on("error", reject);
    connection.once("end", () =>
      reject(Object.assign(new Error("The connection was closed."), { code: "ECONNECTION" })),
    );
    connection.connect((error) => (error ? reject(error) : resolve()));
  });

function encryptionOf(connection: Connection): string {
  // nodemailer does not show the socket, and only the socket knows what was agreed on.
  const socket = (connection as unknown as { _socket: Socket })._socket;
  const protocol = socket instanceof TLSSocket ? socket.getProtocol() : undefined;
  return protocol ? `Encrypted with ${protocol.replace("TLSv", "TLS ")}.` : "Not encrypted.";
}

type Told = [words: string, discreetWords?: string];

const logIn = (connection: Connection, { auth, forceAuth }: Settings) =>
  new Promise<Told>((resolve, reject) => {
    if (!auth || !("user" in auth) || !auth.user) return resolve(["No login: none is set."]);
    const { user, pass } = auth;
    if (!connection.allowsAuth) {
      if (!forceAuth) return resolve(["No login: the server offers none."]);
      return reject(Object.assign(new Error("it offers none at this port."), { code: "ENOAUTH" }));
    }
    connection.login({ credentials: { user, pass: pass ?? "" } }, (error) =>
      error ? reject(error) : resolve([`Logged in as ${user}.`, "Logged in."]),
    );
  });

const handOver = (connection: Connection, { source, envelope }: Composed) =>
  new Promise<string>((resolve, reject) => {
    connection.send(envelope, source, (error, info) =>
      error ? reject(error) : resolve(tidyReply(info?.response ?? "")),
    );
  });

type Failure = { step: Step; server: AnyServer; settings: Settings };

function failed(error: unknown, { step, server, settings }: Failure): StepTaken {
  // Greeting and TLS are one step of nodemailer's.
  const at = step === "greet" && isAboutTls(error) ? "secure" : step;
  const words = deliveryOf(error, nameOfServer(server)).reply;
  const { secure = false, port = 0 } = settings;
  const advice = adviceFor(error, { step: at, secure, port: Number(port) });
  return { step: at, ok: false, words, discreetWords: discreetly(at, error), ...(advice && { advice }) };
}

/** The server's own words only about a message: before that they name itself, its certificate or the login. */
function discreetly(at: Step, error: unknown) {
  const { response, command = "" } = error as { response?: string; command?: string };
  if (at !== "send" || !response) return failedDiscreetly[at];
  return command.startsWith("MAIL")
    ? "The mail server takes no email from this sender."
    : tidyReply(response);
}

const failedDiscreetly: Record<Step, string> = {
  connect: "The mail server cannot be reached.",
  greet: "What answers does not speak as a mail server, or takes no email now.",
  secure: "No secure connection to the mail server.",
  login: "The mail server does not accept the login.",
  send: "The connection broke before the mail server had taken the email.",
};
