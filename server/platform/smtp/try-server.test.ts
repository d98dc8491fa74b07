import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import type { SmtpServer } from "./smtp-server.ts";
import { tryServer } from "./try-server.ts";

let sink: SmtpSink;
let secure: SmtpSink;

beforeAll(async () => {
  secure = await smtpSink({ tls: true, login: true });
});
afterAll(() => secure.stop());
beforeEach(async () => {
  sink = await smtpSink({ login: true });
});
afterEach(() => sink.stop());

const message = {
  messageId: "<1@muster.example>",
  date: new Date("2026-11-22T10:00:00Z"),
  from: { name: "Northwind", address: "people@northwind.example" },
  to: { name: "Eva Berg", address: "eva@northwind.example" },
  subject: "Test email",
  html: "<p>Email works.</p>",
  text: "Email works.\n",
};

const portOf = ({ url }: SmtpSink) => Number(new URL(url).port);
const tried = (server: Partial<SmtpServer> | string) =>
  tryServer({
    server:
      typeof server === "string"
        ? server
        : {
            host: "127.0.0.1",
            port: portOf(sink),
            security: "none",
            login: { user: "muster", password: "secret" },
            ...server,
          },
    message,
    patienceMs: 500,
  });

it("tells each step of a conversation that goes well", async () => {
  expect(await tried({})).toMatchObject([
    { step: "connect", ok: true, words: `Connected to 127.0.0.1:${portOf(sink)}.` },
    { step: "secure", ok: true, words: "Not encrypted." },
    { step: "login", ok: true, words: "Logged in as muster." },
    { step: "send", ok: true, words: expect.stringMatching(/^The server took the email: 250 /) },
  ]);
  expect(sink.mails.map(({ subject, recipient }) => [subject, recipient])).toEqual([
    ["Test email", "eva@northwind.example"],
  ]);
});

it("names the version of TLS", async () => {
  const steps = await tried(`${secure.url}?tls.rejectUnauthorized=false`);
  expect(steps[1]).toMatchObject({ step: "secure", ok: true, words: "Encrypted with TLS 1.3." });
  expect(steps.at(-1)).toMatchObject({ step: "send", ok: true });
});

it("connects to the name, and says which address that was", async () => {
  const steps = await tried({ host: "localhost" });
  expect(steps[0]?.words).toBe(`Connected to localhost:${portOf(sink)} (127.0.0.1).`);
});

it("a login that is refused, in the server's words, with what to do", async () => {
  sink.onLogin = () => ({ code: 535, words: "5.7.8 Username and Password not accepted" });
  const steps = await tried({});
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ["connect", true],
    ["secure", true],
    ["login", false],
  ]);
  expect(steps[2]?.words).toContain("535 5.7.8 Username and Password not accepted");
  expect(steps[2]?.advice).toContain("app password");
});

it("too many logins are no wrong password", async () => {
  sink.onLogin = () => ({ code: 454, words: "4.7.0 Too many login attempts" });
  expect((await tried({})).at(-1)).toMatchObject({ step: "login", ok: false, advice: /busy/ as never });
});

it("a server without logins, where one is wanted", async () => {
  const open = await smtpSink();
  const steps = await tried({ port: portOf(open) });
  await open.stop();
  expect(steps.at(-1)).toMatchObject({ step: "login", ok: false });
  expect(steps.at(-1)?.advice).toContain("offers no login");
  expect(open.mails).toEqual([]);
});

it("STARTTLS that is not offered, a certificate nobody vouches for, and TLS where it does not begin with it", async () => {
  const notOffered = (await tried({ security: "starttls" })).at(-1);
  expect(notOffered).toMatchObject({ step: "secure", ok: false });
  expect(notOffered?.advice).toContain("does not offer STARTTLS");

  const untrusted = (await tried({ port: portOf(secure), security: "starttls" })).at(-1);
  expect(untrusted).toMatchObject({ step: "secure", ok: false });
  expect(untrusted?.words).toContain("No secure connection to the mail server");
  expect(untrusted?.advice).toContain("certificate");

  const tooEarly = (await tried({ security: "tls" })).at(-1);
  expect(tooEarly).toMatchObject({ step: "secure", ok: false });
  expect(tooEarly?.advice).toContain("choose STARTTLS");
});

it("a recipient that is refused", async () => {
  sink.onRecipient = () => ({ code: 550, words: "5.7.1 Relaying denied" });
  const step = (await tried({})).at(-1);
  expect(step).toMatchObject({ step: "send", ok: false });
  expect(step?.words).toContain("550 5.7.1 Relaying denied");
  expect(step?.advice).toContain("does not take email for your address");
});

it("nothing that listens, and something that says nothing", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const steps = await tried({ port });
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ["connect", true],
    ["greet", false],
  ]);
  await new Promise((resolve) => silent.close(resolve));
  const refused = await tried({ port });
  expect(refused).toMatchObject([
    {
      step: "connect",
      ok: false,
      words: `The mail server 127.0.0.1:${port} refuses connections: it is not running, or not at this address.`,
      advice: expect.stringContaining("465 with TLS"),
    },
  ]);
});

it("told discreetly, each step names neither the server, nor its address, nor the login", async () => {
  const secret = /127\.0\.0\.1|localhost|muster|\d{4,5}\b|inside\.example/;
  const told: string[] = [];
  const tell = async (server: Partial<SmtpServer>, words: string[]) => {
    const steps = await tried(server);
    expect(steps.slice(-words.length).map((step) => step.discreetWords)).toEqual(words);
    told.push(...steps.map((step) => step.discreetWords));
  };
  await tell({ host: "localhost" }, [
    "Connected.",
    "Not encrypted.",
    "Logged in.",
    expect.stringContaining("250 ") as never,
  ]);
  sink.onLogin = () => ({ code: 535, words: "5.7.8 muster is not known at inside.example" });
  await tell({}, ["The mail server does not accept the login."]);
  sink.onLogin = () => "accept";
  sink.onRecipient = () => ({ code: 550, words: "5.7.1 Relaying denied" });
  await tell({}, ["550 5.7.1 Relaying denied"]);
  await tell({ port: portOf(secure), security: "starttls" }, ["No secure connection to the mail server."]);
  await sink.stop();
  await tell({}, ["The mail server cannot be reached."]);
  for (const words of told) expect(words.replace(/^The server took.*/, "")).not.toMatch(secret);
});

it("connects to no address that is refused, by whatever name", async () => {
  const refuse = async (address: string) =>
    address === "127.0.0.1" || address === "::1" ? "not that." : undefined;
  for (const host of ["127.0.0.1", "localhost", "2130706433"]) {
    expect(await tried({ host, refuse })).toMatchObject([
      { step: "connect", ok: false, words: `The mail server ${host}:${portOf(sink)}: not that.` },
    ]);
  }
  expect(sink.mostConnections).toBe(0);
});
