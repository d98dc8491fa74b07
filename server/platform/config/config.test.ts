import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";
import { type Option, type OptionName, options } from "./options.ts";

const names = Object.keys(options) as OptionName[];
const optionNamed = (name: OptionName): Option => options[name];

/** What readConfig says of wrong settings; fails where it says nothing. */
function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("These settings were taken.");
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (content: string) => {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.txt`);
  writeFileSync(path, content);
  return path;
};

describe("with nothing set", () => {
  test("every setting has its default", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicUrl: "http://localhost:3000",
      trustProxy: [],
      dataDir: resolve("data"),
      instanceKey: undefined,
      databaseUrl: undefined,
      databaseRoleUrls: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      smtpConnections: 5,
      mailRetryHours: 48,
      mailBounceAddress: undefined,
      sendgridWebhookKey: undefined,
      mailgunWebhookKey: undefined,
      sesSnsTopic: undefined,
      dkim: undefined,
      mailPace: { perMinute: undefined, perDay: undefined },
      mailTenantPace: { perMinute: undefined, perDay: undefined },
      mailTenantServers: "public",
      importMaxRows: 1_000_000,
      importMaxBytes: 512 * 1024 * 1024,
      auditKeepMonths: 0,
      auditKeepAtLeastMonths: 0,
      logLevel: "warn",
      secureCookies: false,
    });
  });

  test("an empty variable counts as unset", () => {
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ""])))).toEqual(readConfig({}));
  });

  test("the public address follows the port", () => {
    expect(readConfig({ PORT: "8080" }).publicUrl).toBe("http://localhost:8080");
  });
});

/** Of every setting that can be wrong: what is refused. */
const wrong: Partial<Record<OptionName, readonly string[]>> = {
  PORT: ["http", "70000", "-1", "80.5"],
  PUBLIC_URL: ["people.example.org", "ftp://people.example.org", "https://"],
  MUSTER_KEY: ["hunter2", "0".repeat(63), "0".repeat(65), "g".repeat(64)],
  DATABASE_URL: ["mysql://u:hunter2@db/muster", "hunter2"],
  DATABASE_OWNER_URL: ["http://u:hunter2@db/muster"],
  DATABASE_APP_URL: ["hunter2@db"],
  DATABASE_SYSTEM_URL: ["hunter2"],
  DATABASE_QUEUE_URL: ["hunter2"],
  SMTP_URL: ["mail.example.org:25", "https://u:hunter2@mail.example.org"],
  MAIL_FROM: ["people", "people@", "a@x.example\r\nBcc: spy@x.example"],
  SMTP_CONNECTIONS: ["0", "51", "many"],
  MAIL_RETRY_HOURS: ["0", "241", "2 days"],
  // With what is added for each email the last would have more before the @ than a mail server must take.
  MAIL_BOUNCE_ADDRESS: ["bounces", "bounces@", "returned@mail.example.org"],
  SENDGRID_WEBHOOK_KEY: ["not a key!"],
  MAILGUN_WEBHOOK_KEY: ["short", "a key with spaces"],
  SES_SNS_TOPIC: ["bounces", "arn:aws:sqs:eu-central-1:123456789012:bounces"],
  DKIM_DOMAIN: ["example", "an example.org"],
  DKIM_SELECTOR: ["muster 2026"],
  DKIM_PRIVATE_KEY: ["hunter2"],
  MAIL_PER_MINUTE: ["0", "fast"],
  MAIL_PER_DAY: ["0", "-5"],
  MAIL_TENANT_PER_MINUTE: ["0", "1.5"],
  MAIL_TENANT_PER_DAY: ["0", "many"],
  MAIL_TENANT_SERVERS: ["all", "Public"],
  AUDIT_KEEP_MONTHS: ["-1", "two years"],
  AUDIT_KEEP_AT_LEAST_MONTHS: ["-1", "121"],
  IMPORT_MAX_ROWS: ["0", "10000001", "1,000"],
  IMPORT_MAX_MIB: ["0", "4097", "512MiB"],
  LOG_LEVEL: ["verbose", "WARN"],
  SECURE_COOKIES: ["yes", "TRUE"],
};

describe("a wrong value", () => {
  test("can be given for every setting but those that take any text", () => {
    const anyText: OptionName[] = ["HOST", "TRUST_PROXY", "MUSTER_DATA"];
    expect([...Object.keys(wrong), ...anyText].sort()).toEqual([...names].sort());
  });

  const cases = Object.entries(wrong).flatMap(([name, values]) =>
    values.map((value) => [name as OptionName, value] as const),
  );

  test.each(cases)("%s=%j is refused, with what was read and what to write", (name, value) => {
    const message = refusal({ [name]: value });
    const { secret, example } = optionNamed(name);
    expect(message).toContain(`${name} is ${secret ? "(secret)" : JSON.stringify(value)}: `);
    expect(message).toContain(`Write for example ${name}=${example}`);
    if (secret) expect(message).not.toContain(value);
  });

  test("does not hide the others: all are named at once", () => {
    const message = refusal({ PORT: "http", LOG_LEVEL: "verbose", DATABASE_URL: "hunter2" });
    expect(message.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "PORT",
      "DATABASE_URL",
      "LOG_LEVEL",
    ]);
  });
});

/** Settings that are given together or not at all. */
const together: readonly OptionName[][] = [
  ["DATABASE_OWNER_URL", "DATABASE_APP_URL", "DATABASE_SYSTEM_URL", "DATABASE_QUEUE_URL"],
  ["DKIM_DOMAIN", "DKIM_SELECTOR", "DKIM_PRIVATE_KEY"],
];

/** Of a key the example says in words what to write. */
const keys: Partial<Record<OptionName, string>> = {
  MUSTER_KEY: "0f".repeat(32),
  DKIM_PRIVATE_KEY: generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey,
};

test.each(names)("the example of %s is taken", (name) => {
  const given = together.find((several) => several.includes(name)) ?? [name];
  const environment = given.map((one) => [one, keys[one] ?? optionNamed(one).example]);
  expect(() => readConfig(Object.fromEntries(environment))).not.toThrow();
});

test("audit events cannot be removed before the time for which they are kept at least", () => {
  const months = (most: string, least: string) =>
    readConfig({ AUDIT_KEEP_MONTHS: most, AUDIT_KEEP_AT_LEAST_MONTHS: least });
  expect(() => months("12", "24")).toThrow(/AUDIT_KEEP_MONTHS is 12 and AUDIT_KEEP_AT_LEAST_MONTHS is 24/);
  for (const most of ["24", "0"]) expect(months(most, "24")).toMatchObject({ auditKeepAtLeastMonths: 24 });
});

describe("what is read", () => {
  test("addresses lose the slashes at their end, proxies the spaces between them", () => {
    const config = readConfig({
      PUBLIC_URL: "https://people.example.org//",
      TRUST_PROXY: "127.0.0.1, 10.0.0.0/8",
    });
    expect(config.publicUrl).toBe("https://people.example.org");
    expect(config.trustProxy).toEqual(["127.0.0.1", "10.0.0.0/8"]);
  });

  test("the instance key becomes 32 bytes", () => {
    expect(readConfig({ MUSTER_KEY: "0F".repeat(32) }).instanceKey).toEqual(Buffer.alloc(32, 0x0f));
  });

  test.each([
    ["https://people.example.org", undefined, true],
    ["http://people.example.org", undefined, false],
    ["http://people.example.org", "true", true],
    ["https://people.example.org", "0", false],
  ])("at %s with SECURE_COOKIES=%s cookies are for https only: %s", (PUBLIC_URL, given, secure) => {
    const environment = given === undefined ? { PUBLIC_URL } : { PUBLIC_URL, SECURE_COOKIES: given };
    expect(readConfig(environment).secureCookies).toBe(secure);
  });
});

describe("a secret from a file", () => {
  const secrets = names.filter((name) => optionNamed(name).secret);

  test("is read without the line break at its end", () => {
    const SMTP_URL_FILE = fileOf("smtp://user:pass@mail.example.org:587\n");
    expect(readConfig({ SMTP_URL_FILE }).smtpUrl).toBe("smtp://user:pass@mail.example.org:587");
    const MUSTER_KEY_FILE = fileOf(`${"0f".repeat(32)}\r\n`);
    expect(readConfig({ MUSTER_KEY_FILE }).instanceKey).toHaveLength(32);
  });

  test.each(secrets)("%s and its file, both set, are refused", (name) => {
    const message = refusal({ [name]: "hunter2", [`${name}_FILE`]: fileOf("hunter2") });
    expect(message).toContain(`${name} and ${name}_FILE are both set: keep one of them.`);
    expect(message).not.toContain("hunter2");
  });

  test.each(secrets)("what is wrong in the file of %s is refused without being shown", (name) => {
    const message = refusal({ [`${name}_FILE`]: fileOf("hunter2") });
    expect(message).toContain(`${name} is (secret): `);
    expect(message).not.toContain("hunter2");
  });

  test("that cannot be read is refused by its name and path", () => {
    const path = join(folder, "nowhere");
    expect(refusal({ SMTP_URL_FILE: path })).toContain(`SMTP_URL_FILE names ${path}, which cannot be read`);
  });

  test("is not looked for where a setting is no secret", () => {
    expect(readConfig({ LOG_LEVEL_FILE: join(folder, "nowhere") }).logLevel).toBe("warn");
  });
});

describe("the addresses of the four database roles", () => {
  const roles = ["owner", "app", "system", "queue"] as const;
  const urls = Object.fromEntries(
    roles.map((role) => [
      `DATABASE_${role.toUpperCase()}_URL`,
      `postgres://muster_${role}:hunter2@db/muster`,
    ]),
  );

  test("are taken all four", () => {
    expect(readConfig(urls).databaseRoleUrls).toEqual(
      Object.fromEntries(roles.map((role) => [role, `postgres://muster_${role}:hunter2@db/muster`])),
    );
  });

  test.each(Object.keys(urls))("are refused without %s", (missing) => {
    const message = refusal({ ...urls, [missing]: "" });
    expect(message).toMatch(/some are set and some are not: set all four, or none and DATABASE_URL/);
    expect(message).not.toContain("hunter2");
  });

  test.each(Object.keys(urls))("are refused with %s alone", (only) => {
    expect(refusal({ [only]: urls[only] as string })).toMatch(/set all four/);
  });
});
