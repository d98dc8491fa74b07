import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Option, type OptionName, type OptionValues, options } from "./options.ts";

export type Dkim = { domainName: string; keySelector: string; privateKey: string };
/** Which mail servers tenants may choose. */
export type TenantServers = "none" | "public" | "any";
export type MailPace = { perMinute: number | undefined; perDay: number | undefined };
export type DatabaseRoleUrls = { owner: string; app: string; system: string; queue: string };

export type Config = {
  host: string;
  port: number;
  publicUrl: string;
  trustProxy: string[];
  dataDir: string;
  instanceKey: Buffer | undefined;
  databaseUrl: string | undefined;
  databaseRoleUrls: DatabaseRoleUrls | undefined;
  smtpUrl: string | undefined;
  mailFrom: string | undefined;
  smtpConnections: number;
  mailRetryHours: number;
  mailBounceAddress: string | undefined;
  sendgridWebhookKey: string | undefined;
  mailgunWebhookKey: string | undefined;
  sesSnsTopic: string | undefined;
  dkim: Dkim | undefined;
  /** Of the whole installation, and of each tenant. */
  mailPace: MailPace;
  mailTenantPace: MailPace;
  mailTenantServers: TenantServers;
  importMaxRows: number;
  importMaxBytes: number;
  auditKeepMonths: number;
  auditKeepAtLeastMonths: number;
  logLevel: string;
  secureCookies: boolean;
};

/** Wrong settings, each with what to write instead. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const installation = join(import.meta.dirname, "../../..");

type Environment = Record<string, string | undefined>;

/** Reads every setting from the environment; throws one ConfigError that names all that are wrong. */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [];
  const names = Object.keys(options) as OptionName[];
  const values = Object.fromEntries(
    names.map((name) => [name, readOption(name, environment, problems)]),
  ) as OptionValues;
  const roleUrls = readRoleUrls(values, problems);
  const dkim = readDkim(values, problems);
  checkAuditMonths(values, problems);
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  const publicUrl = values.PUBLIC_URL ?? `http://localhost:${values.PORT}`;
  return {
    host: values.HOST as string,
    port: values.PORT as number,
    publicUrl,
    trustProxy: values.TRUST_PROXY?.split(",").map((address) => address.trim()) ?? [],
    // The default belongs to the installation and not to the folder a command happens to be run in.
    dataDir: resolve(environment.MUSTER_DATA ? "." : installation, values.MUSTER_DATA as string),
    instanceKey: values.MUSTER_KEY,
    databaseUrl: values.DATABASE_URL,
    databaseRoleUrls: roleUrls,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    smtpConnections: values.SMTP_CONNECTIONS as number,
    mailRetryHours: values.MAIL_RETRY_HOURS as number,
    mailBounceAddress: values.MAIL_BOUNCE_ADDRESS,
    sendgridWebhookKey: values.SENDGRID_WEBHOOK_KEY,
    mailgunWebhookKey: values.MAILGUN_WEBHOOK_KEY,
    sesSnsTopic: values.SES_SNS_TOPIC,
    dkim,
    mailPace: { perMinute: values.MAIL_PER_MINUTE, perDay: values.MAIL_PER_DAY },
    mailTenantPace: { perMinute: values.MAIL_TENANT_PER_MINUTE, perDay: values.MAIL_TENANT_PER_DAY },
    mailTenantServers: values.MAIL_TENANT_SERVERS as TenantServers,
    importMaxRows: values.IMPORT_MAX_ROWS as number,
    importMaxBytes: (values.IMPORT_MAX_MIB as number) * 1024 * 1024,
    auditKeepMonths: values.AUDIT_KEEP_MONTHS as number,
    auditKeepAtLeastMonths: values.AUDIT_KEEP_AT_LEAST_MONTHS as number,
    logLevel: values.LOG_LEVEL as string,
    secureCookies: values.SECURE_COOKIES ?? publicUrl.startsWith("https://"),
  };
}

function readOption(name: OptionName, environment: Environment, problems: string[]): unknown {
  const option: Option = options[name];
  try {
    const text = readText(name, option, environment) ?? option.default;
    if (text === undefined) return undefined;
    const parsed = option.schema.safeParse(text);
    if (parsed.success) return parsed.data;
    const read = option.secret ? "(secret)" : JSON.stringify(text);
    problems.push(
      `${name} is ${read}: ${parsed.error.issues[0]?.message}. Write for example ${name}=${option.example}`,
    );
  } catch (error) {
    problems.push((error as Error).message);
  }
}

/** The variable itself or, for a secret, the file that its `_FILE` twin names. An empty variable counts as unset. */
function readText(name: OptionName, option: Option, environment: Environment) {
  const text = environment[name];
  const path = option.secret ? environment[`${name}_FILE`] : undefined;
  if (text && path) throw new Error(`${name} and ${name}_FILE are both set: keep one of them.`);
  if (!path) return text || undefined;
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch (error) {
    throw new Error(`${name}_FILE names ${path}, which cannot be read: ${(error as Error).message}`);
  }
}

function readDkim(values: OptionValues, problems: string[]): Dkim | undefined {
  const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: privateKey } = values;
  if (!domainName && !keySelector && !privateKey) return undefined;
  if (domainName && keySelector && privateKey) return { domainName, keySelector, privateKey };
  problems.push(
    "Of DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY some are set and some are not: set all three.",
  );
  return undefined;
}

function checkAuditMonths(values: OptionValues, problems: string[]) {
  const { AUDIT_KEEP_MONTHS: most = 0, AUDIT_KEEP_AT_LEAST_MONTHS: least = 0 } = values;
  if (most === 0 || most >= least) return;
  problems.push(
    `AUDIT_KEEP_MONTHS is ${most} and AUDIT_KEEP_AT_LEAST_MONTHS is ${least}: events cannot be removed before they may be. Raise the first, or lower the second.`,
  );
}

function readRoleUrls(values: OptionValues, problems: string[]): DatabaseRoleUrls | undefined {
  const { DATABASE_OWNER_URL: owner, DATABASE_APP_URL: app } = values;
  const { DATABASE_SYSTEM_URL: system, DATABASE_QUEUE_URL: queue } = values;
  if (!owner && !app && !system && !queue) return undefined;
  if (owner && app && system && queue) return { owner, app, system, queue };
  problems.push(
    "Of DATABASE_OWNER_URL, DATABASE_APP_URL, DATABASE_SYSTEM_URL and DATABASE_QUEUE_URL some are set and some are not: set all four, or none and DATABASE_URL.",
  );
  return undefined;
}
