import { z } from "zod";

const whole = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);
const port = whole(0, 65535);

/** What a reverse proxy's address may be: Fastify takes these, and would fail on anything else with a stack trace. */
const proxyAddress = /^(loopback|linklocal|uniquelocal|[0-9a-f.:]+(\/\d{1,3})?)$/i;
const flag = z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1");
const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be an address that begins with ${protocols.map((p) => `${p}//`).join(" or ")}`,
  });
const postgresUrl = url("postgres:", "postgresql:");

export type Option = {
  schema: z.ZodType;
  /** What it is for; printed in docs/configuration.md. */
  doc: string;
  /** What to write instead of a wrong value. */
  example: string;
  default?: string;
  /** Never printed; may come from a file named by the same variable with `_FILE`. */
  secret?: true;
};

/** Every setting of an installation, read from the environment. docs/configuration.md is printed from this table. */
export const options = {
  HOST: {
    schema: z.string().min(1),
    default: "127.0.0.1",
    example: "0.0.0.0",
    doc: "The address Muster listens on. Only this machine can reach the default.",
  },
  PORT: { schema: port, default: "3000", example: "3000", doc: "The port Muster listens on." },
  PUBLIC_URL: {
    schema: url("http:", "https:").transform((value) => value.replace(/\/+$/, "")),
    example: "https://people.example.org",
    doc: "The address people type. Every link in an email begins with it. Default: http://localhost:PORT.",
  },
  TRUST_PROXY: {
    schema: z.string().refine((value) => value.split(",").every((part) => proxyAddress.test(part.trim())), {
      message: "must be addresses or networks, separated by commas",
    }),
    example: "127.0.0.1",
    doc: "The addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas. Default: none.",
  },
  MUSTER_DATA: {
    schema: z.string().min(1),
    default: "./data",
    example: "/var/lib/muster",
    doc: "The folder of the embedded database and of the instance key.",
  },
  MUSTER_KEY: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits (32 bytes)")
      .transform((value) => Buffer.from(value, "hex")),
    secret: true,
    example: "the output of: openssl rand -hex 32",
    doc: "The instance key: it seals passwords that wait to be mailed and signs links. Default: made at the first start, in MUSTER_DATA/instance.key. Keep a copy: without it open links and waiting passwords are lost, and Muster cannot sign in to its own database.",
  },
  DATABASE_URL: {
    schema: postgresUrl,
    secret: true,
    example: "postgres://muster:password@db.example.org/muster",
    doc: "A PostgreSQL 15 or newer to use instead of the embedded one. Its login owns the database; where it may create roles, Muster makes its own four.",
  },
  DATABASE_OWNER_URL: {
    schema: postgresUrl,
    secret: true,
    example: "postgres://muster_owner:password@db.example.org/muster",
    doc: "For a server on which DATABASE_URL's login may not create roles: the login of muster_owner (runs migrations). Give all four.",
  },
  DATABASE_APP_URL: {
    schema: postgresUrl,
    secret: true,
    example: "postgres://muster_app:password@db.example.org/muster",
    doc: "The login of muster_app (every request).",
  },
  DATABASE_SYSTEM_URL: {
    schema: postgresUrl,
    secret: true,
    example: "postgres://muster_system:password@db.example.org/muster",
    doc: "The login of muster_system (work across tenants).",
  },
  DATABASE_QUEUE_URL: {
    schema: postgresUrl,
    secret: true,
    example: "postgres://muster_queue:password@db.example.org/muster",
    doc: "The login of muster_queue (background jobs).",
  },
  SMTP_URL: {
    schema: url("smtp:", "smtps:"),
    secret: true,
    example: "smtp://user:password@mail.example.org:587",
    doc: "The mail server. smtps:// is TLS from the first byte (465); smtp:// uses STARTTLS where it is offered, and with a login insists on it, but for localhost and addresses of your own network; ?requireTLS=true always insists, ?requireTLS=false never. The certificate must be trusted, but of a server on this machine; ?tls.rejectUnauthorized=false takes any. Without it messages land in the built-in mailbox.",
  },
  MAIL_FROM: {
    schema: z
      .string()
      .regex(/^[^\r\n]*[^\s@]+@[^\s@]+$|^[^\r\n]*<[^\s@]+@[^\s@]+>$/, "must be an email address"),
    example: "people@example.org",
    doc: "The sender address of every email. Default: no-reply@ the host of PUBLIC_URL.",
  },
  SMTP_CONNECTIONS: {
    schema: whole(1, 50),
    default: "5",
    example: "5",
    doc: "How many connections to the mail server are kept open at once.",
  },
  MAIL_RETRY_HOURS: {
    schema: whole(1, 240),
    default: "48",
    example: "48",
    doc: "For how many hours a message that the mail server defers is tried again before it is given up.",
  },
  MAIL_BOUNCE_ADDRESS: {
    schema: z
      .string()
      .regex(
        /^[a-z0-9_-]{1,7}@[a-z0-9.-]+\.[a-z0-9-]+$/i,
        "must be an email address with at most 7 characters before the @",
      ),
    example: "bounces@mail.example.org",
    doc: "Where reports about emails that come back go: each email gets an envelope sender of its own, bounces+…@mail.example.org. What arrives there is to be piped to /api/v1/bounces (docs/operate/mail.md). Default: reports go to MAIL_FROM, and Muster does not see them.",
  },
  SENDGRID_WEBHOOK_KEY: {
    schema: z.string().regex(/^[A-Za-z0-9+/]+=*$/, "must be the public key as SendGrid shows it"),
    example:
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeAZstVkGEcTpfHTHR4yMSd1Mi+KFb3BtuNE0OpSSEsYKtYHfU0DE7WsC6M6QvktNNdNLIcFWkw+uuYqlXmldOQ==",
    doc: "The verification key of SendGrid's signed event webhook, which is to call /api/v1/bounces/sendgrid. Default: not taken in.",
  },
  SES_SNS_TOPIC: {
    schema: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, "must be the ARN of an SNS topic"),
    example: "arn:aws:sns:eu-central-1:123456789012:bounces",
    doc: "The SNS topic to which Amazon SES reports bounces, and which is to call /api/v1/bounces/ses. Default: not taken in.",
  },
  MAILGUN_WEBHOOK_KEY: {
    schema: z.string().regex(/^[\w-]{16,200}$/, "must be the HTTP webhook signing key as Mailgun shows it"),
    example: "0123456789abcdef0123456789abcdef",
    secret: true,
    doc: "The HTTP webhook signing key of Mailgun, whose webhooks of permanent and temporary failures are to call /api/v1/bounces/mailgun. Default: not taken in.",
  },
  DKIM_DOMAIN: {
    schema: z.string().regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/i, "must be a domain"),
    example: "example.org",
    doc: "The domain in whose name every email is signed (DKIM); give DKIM_SELECTOR and DKIM_PRIVATE_KEY too. Default: Muster does not sign; many mail servers do.",
  },
  DKIM_SELECTOR: {
    schema: z.string().regex(/^[a-z0-9._-]+$/i, "must be a selector, like muster2026"),
    example: "muster2026",
    doc: "Under which name the public key stands in the DNS: SELECTOR._domainkey.DOMAIN.",
  },
  DKIM_PRIVATE_KEY: {
    schema: z.string().regex(/-----BEGIN (RSA )?PRIVATE KEY-----/, "must be a private key in PEM form"),
    secret: true,
    example: "the contents of a file that openssl genpkey has written",
    doc: "The private key that signs, in PEM form.",
  },
  MAIL_PER_MINUTE: {
    schema: whole(1, 1_000_000),
    example: "600",
    doc: "How many emails a minute the installation sends at most, at an even pace. Default: as fast as the mail server takes them.",
  },
  MAIL_PER_DAY: {
    schema: whole(1, 100_000_000),
    example: "50000",
    doc: "How many emails a day (UTC) the installation sends at most; the others go the next day. Links that somebody asked for on the sign-in page are counted and never wait. Default: no limit.",
  },
  MAIL_TENANT_PER_MINUTE: {
    schema: whole(1, 1_000_000),
    example: "120",
    doc: "How many emails a minute each tenant sends at most. Default: no limit of its own.",
  },
  MAIL_TENANT_PER_DAY: {
    schema: whole(1, 100_000_000),
    example: "10000",
    doc: "How many emails a day (UTC) each tenant sends at most; the others go the next day. Default: no limit of its own.",
  },
  MAIL_TENANT_SERVERS: {
    schema: z.enum(["none", "public", "any"], "must be none, public or any"),
    default: "public",
    example: "public",
    doc: "Which mail servers tenants may choose in Settings to send by instead of SMTP_URL. public: those on the internet, at the usual ports and encrypted; any: also those in your own network and on this machine, so that the owners of a tenant can have Muster connect to any of them; none: none.",
  },
  IMPORT_MAX_ROWS: {
    schema: whole(1, 10_000_000),
    default: "1000000",
    example: "1000000",
    doc: "The most rows an import may have.",
  },
  IMPORT_MAX_MIB: {
    schema: whole(1, 4096),
    default: "512",
    example: "512",
    doc: "The largest an import may be, in MiB: all its files together.",
  },
  AUDIT_KEEP_MONTHS: {
    schema: whole(0, 1200),
    default: "0",
    example: "24",
    doc: "For how many whole months audit events are kept; older months are removed, and the chain says so. 0: for ever.",
  },
  AUDIT_KEEP_AT_LEAST_MONTHS: {
    schema: whole(0, 120),
    default: "0",
    example: "12",
    doc: "For how many whole months audit events are kept in any case, however short a time a tenant's owner chooses in Settings. 0: as short as they choose.",
  },
  LOG_LEVEL: {
    schema: z.enum(["trace", "debug", "info", "warn", "error", "silent"]),
    default: "warn",
    example: "info",
    doc: "How much is logged (JSON lines on standard error).",
  },
  SECURE_COOKIES: {
    schema: flag,
    example: "true",
    doc: "Whether cookies are sent over https only. Default: true when PUBLIC_URL begins with https://.",
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export type OptionValues = { [K in OptionName]: z.output<(typeof options)[K]["schema"]> | undefined };
