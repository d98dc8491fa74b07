import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { Certificate } from "./self-signed.ts";

/** `drop`: cuts the connection off instead of answering. `hang`: never answers. */
export type Answer = "accept" | "drop" | "hang" | { code: number; words: string };

export type SinkMail = ParsedMail & {
  recipient: string;
  envelopeFrom: string;
  source: string;
  accepted: boolean;
};

export type SmtpSink = {
  url: string;
  /** All that came, in order, also what was not accepted after it had come. */
  mails: SinkMail[];
  /** The most connections there were at once. */
  mostConnections: number;
  /** How many there are now, and how many there were in all. */
  openConnections(): number;
  connections: number;
  /** What it answers; set them to make trouble. */
  onLogin: (user: string, password: string) => Answer;
  onSender: (address: string) => Answer;
  onRecipient: (address: string) => Answer | Promise<Answer>;
  onData: (recipient: string) => Answer;
  stop(): Promise<void>;
  /** Again, at the same port. */
  start(): Promise<void>;
};

type Options = {
  login?: boolean;
  /** STARTTLS, or TLS from the first byte; `true`: STARTTLS, with a certificate that nobody vouches for. */
  tls?: true | (Certificate & { begins: "starttls" | "tls" });
  /** Reads of each mail its header alone: taking a body apart takes longer than sending it. */
  headersOnly?: boolean;
};

const accept = () => "accept" as const;

/** A real SMTP server that keeps what it gets and makes trouble on request. */
export async function smtpSink(options: Options = {}): Promise<SmtpSink> {
  let server: SMTPServer | undefined;
  let port = 0;
  const sink: SmtpSink = {
    url: "",
    mails: [],
    mostConnections: 0,
    openConnections: () => (server ? connectionsOf(server).length : 0),
    connections: 0,
    onLogin: accept,
    onSender: accept,
    onRecipient: accept,
    onData: accept,
    start: async () => {
      server = openServer(sink, options, () => server);
      const { server: listening } = server;
      await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", () => resolve()));
      port = (listening.address() as AddressInfo).port;
      sink.url = `smtp://${options.login ? "muster:secret@" : ""}127.0.0.1:${port}`;
    },
    stop: async () => {
      const stopped = server;
      if (!stopped) return;
      server = undefined;
      const closed = new Promise<void>((resolve) => stopped.close(() => resolve()));
      for (const connection of connectionsOf(stopped)) connection._socket.destroy();
      await closed;
    },
  };
  await sink.start();
  return sink;
}

type Connection = { session: SMTPServerSession; _socket: { destroy(): void } };
const connectionsOf = (server: SMTPServer) => [
  ...(server as unknown as { connections: Set<Connection> }).connections,
];

type Reply = (error?: Error | null) => void;

function openServer(
  sink: SmtpSink,
  { login, tls, headersOnly }: Options,
  current: () => SMTPServer | undefined,
) {
  const answerWith = (session: SMTPServerSession, answer: Answer, reply: Reply) => {
    if (answer === "accept") reply();
    else if (answer === "drop") {
      const own = connectionsOf(server).find((connection) => connection.session.id === session.id);
      own?._socket.destroy();
    } else if (answer !== "hang")
      reply(Object.assign(new Error(answer.words), { responseCode: answer.code }));
  };
  const server = new SMTPServer({
    ...(typeof tls === "object" && { key: tls.key, cert: tls.cert, secure: tls.begins === "tls" }),
    authOptional: !login,
    disabledCommands: [...(tls ? [] : ["STARTTLS"]), ...(login ? [] : ["AUTH"])],
    allowInsecureAuth: true,
    onConnect: (_session, reply) => {
      sink.connections += 1;
      const open = current();
      if (open) sink.mostConnections = Math.max(sink.mostConnections, connectionsOf(open).length);
      reply();
    },
    onAuth: (auth, session, reply) =>
      answerWith(session, sink.onLogin(auth.username ?? "", auth.password ?? ""), (error) =>
        error ? reply(error) : reply(null, { user: auth.username }),
      ),
    onMailFrom: (address, session, reply) => answerWith(session, sink.onSender(address.address), reply),
    onRcptTo: async (address, session, reply) =>
      answerWith(session, await sink.onRecipient(address.address), reply),
    onData: async (stream, session, reply) => {
      // Whoever was sending may be killed in the middle: then nothing came.
      const source = await text(stream).catch(() => undefined);
      if (source === undefined) return;
      const recipient = session.envelope.rcptTo[0]?.address ?? "";
      const answer = sink.onData(recipient);
      const { mailFrom } = session.envelope;
      const envelopeFrom = mailFrom ? mailFrom.address : "";
      sink.mails.push({
        ...(await simpleParser(headersOnly ? source.slice(0, source.indexOf("\r\n\r\n") + 4) : source)),
        recipient,
        envelopeFrom,
        source,
        accepted: answer === "accept",
      });
      answerWith(session, answer, reply);
    },
  });
  server.on("error", () => {});
  return server;
}
