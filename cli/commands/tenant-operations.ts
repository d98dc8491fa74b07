import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "#server/context.ts";
import { record } from "#server/features/audit/record.ts";
import { deleteTenant, restoreTenant } from "#server/features/tenants/delete-tenant.ts";
import { eraseTenant } from "#server/features/tenants/erase-tenant.ts";
import { exportTenant, makeFolder } from "#server/features/tenants/export-tenant.ts";
import { changeLimits, type TenantLimits } from "#server/features/tenants/limits.ts";
import { momentInWords } from "#server/features/tenants/moment-in-words.ts";
import { operateTenant } from "#server/features/tenants/operate-tenant.ts";
import { renameTenant } from "#server/features/tenants/settings.ts";
import { reactivateTenant, suspendTenant } from "#server/features/tenants/suspend-tenant.ts";
import { tenantName } from "#server/features/tenants/tenant-settings.ts";
import { parseInput } from "../parse-input.ts";
import { anyTenantsDoor, RefusedInput, say, withInstallation } from "../with-installation.ts";

type Json = { json?: boolean };

/** What the operator does with a tenant that is there, named by its slug. */
export function addTenantOperations(tenant: Command) {
  const about = (name: string, description: string) =>
    tenant
      .command(name)
      .description(description)
      .argument("<slug>", "the tenant")
      .option("--json", "print JSON");

  about("rename", "Give a tenant another name. Its slug stays.")
    .requiredOption("--name <name>", "the organisation's new name")
    .action(async (slug: string, { json, ...typed }: Json & { name: string }) => {
      const name = parseInput(tenantName, typed.name);
      await inTenant(slug, (ctx) => renameTenant(ctx, name));
      say(json, `${slug} is called ${name} now.`, { slug, name });
    });
  about(
    "suspend",
    "Close a tenant: nobody signs in, nothing is sent, no import or bulk action goes on.",
  ).action(async (slug: string, { json }: Json) => {
    await operate(slug, suspendTenant);
    say(json, `${slug} is suspended. Reactivate it: npm run muster -- tenant reactivate ${slug}`, {
      slug,
      status: "suspended",
    });
  });
  about("reactivate", "Open a suspended tenant again: what waited goes on where it was.").action(
    async (slug: string, { json }: Json) => {
      await operate(slug, reactivateTenant);
      say(json, `${slug} is open again.`, { slug, status: "active" });
    },
  );
  about("delete", "Delete a tenant: closed at once, erased after days of grace.")
    .option("--grace-days <days>", "until it is erased, from 1 to 365", wholeNumber(365, 1), 30)
    .option("--now", "erase it at once; there is no way back")
    .option("--confirm <slug>", "the slug once more: with --now, or where it was to be erased later")
    .action((slug: string, options: DeleteOptions) => runDelete(slug, options));
  about("restore", "Take the deletion of a tenant back.").action(async (slug: string, { json }: Json) => {
    const { status } = await operate(slug, restoreTenant);
    say(json, `${slug} is restored, and ${status} as before.`, { slug, status });
  });
  about("export", "Write everything a tenant has, but no secret, as files of JSON lines into a folder.")
    .requiredOption("--to <folder>", "a new or empty folder")
    .action((slug: string, options: Json & { to: string }) => runExport(slug, options));
  about("limits", "Show what a tenant is allowed, or change it.")
    .option("--users <number>", "users, or none for no limit", limit)
    .option("--imports-a-day <number>", "imports begun within 24 hours, or none", limit)
    .option("--mails-a-day <number>", "emails sent in a day (UTC), or none", limit)
    .action(async (slug: string, { json, ...typed }: Json & TypedLimits) => {
      const limits = await inTenant(slug, (ctx) => changeLimits(ctx, limitsOf(typed)));
      const words = (value: number | null) => value?.toLocaleString("en") ?? "no limit";
      say(
        json,
        `Users: ${words(limits.users)}\nImports a day: ${words(limits.importsADay)}\nEmails a day: ${words(limits.mailsADay)}`,
        limits,
      );
    });
}

const inTenant = <T>(slug: string, work: (ctx: Context) => Promise<T>): Promise<T> =>
  withInstallation(async (installation) => (await anyTenantsDoor(installation, slug)).run(work));

const operate = <T>(slug: string, work: (ctx: Context) => Promise<T>): Promise<T> =>
  withInstallation(async (installation) =>
    operateTenant(installation.database, await anyTenantsDoor(installation, slug), work),
  );

type DeleteOptions = Json & { graceDays: number; now?: boolean; confirm?: string };

async function runDelete(slug: string, { json, graceDays, now, confirm }: DeleteOptions) {
  if (confirm !== undefined && confirm !== slug)
    throw new RefusedInput(`--confirm ${confirm} does not name ${slug}. Nothing was done.`);
  if (now && confirm !== slug)
    throw new RefusedInput(
      `--now erases every user, message and record of ${slug} for good. Confirm it by naming it again: --confirm ${slug}`,
    );
  await withInstallation(async (installation) => {
    const door = await anyTenantsDoor(installation, slug);
    const { eraseAt } = await operateTenant(installation.database, door, (ctx) =>
      deleteTenant(ctx, now ? 0 : graceDays, confirm === slug),
    );
    if (now) {
      await eraseTenant(installation.database, door.tenantId, new Date());
      return say(json, `${slug} is erased. Its address is not given to anybody else.`, {
        slug,
        status: "erased",
      });
    }
    say(
      json,
      `${slug} is closed, and erased after ${momentInWords(eraseAt)}. Until then: npm run muster -- tenant restore ${slug}`,
      { slug, status: "deleted", eraseAt },
    );
  });
}

async function runExport(slug: string, { json, to }: Json & { to: string }) {
  const folder = resolve(to);
  await withInstallation(async (installation) => {
    const door = await anyTenantsDoor(installation, slug);
    await makeFolder(folder);
    // Before the first of it is written: also one that is broken off stays on record.
    const target = { kind: "tenant", id: door.tenantId } as const;
    await door.run((ctx) => record(ctx, { action: "tenant.exported", target }));
    const rows = await exportTenant(installation.database, door.tenantId, folder);
    const words = Object.entries(rows)
      .filter(([, count]) => count > 0)
      .map(([table, count]) => `  ${count.toLocaleString("en").padStart(9)}  ${table}`);
    say(json, `Everything of ${slug} is in ${folder}:\n${words.join("\n")}`, { slug, folder, rows });
  });
}

function wholeNumber(most: number, least = 0) {
  return (text: string) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > most || Number(text) < least)
      throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
    return Number(text);
  };
}

// Not null: commander would make an empty text of it.
const limit = (text: string) => (text === "none" ? text : wholeNumber(1_000_000_000)(text));
type TypedLimits = { [Name in keyof TenantLimits]?: number | "none" };
const limitsOf = (typed: TypedLimits): Partial<TenantLimits> =>
  Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value === "none" ? null : value]));
