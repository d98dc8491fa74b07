import type { Command } from "commander";
import { z } from "zod";
import { record } from "#server/features/audit/record.ts";
import { tenantSlug } from "#server/features/tenants/contract.ts";
import { createTenant } from "#server/features/tenants/create-tenant.ts";
import { momentInWords } from "#server/features/tenants/moment-in-words.ts";
import { listTenants, type Tenant } from "#server/features/tenants/store.ts";
import { tenantName, tenantSettings } from "#server/features/tenants/tenant-settings.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import { doorOf } from "#server/serve-routes.ts";
import { inColumns } from "../in-columns.ts";
import { parseInput } from "../parse-input.ts";
import { say, withInstallation } from "../with-installation.ts";
import { addTenantOperations } from "./tenant-operations.ts";

export function addTenantCommands(program: Command) {
  const tenant = program.command("tenant").description("The tenants of this installation.");
  tenant
    .command("create")
    .description("Create a tenant. Then give it an owner: user create --role owner")
    .requiredOption("--slug <slug>", "its name in every address, /t/<slug>/; it never changes")
    .requiredOption("--name <name>", "the organisation's name")
    .option("--time-zone <zone>", "whose days and times it has, such as Europe/Berlin; UTC without it")
    .option("--json", "print JSON")
    .action((options) => runCreate(options));
  tenant
    .command("list")
    .description("List the tenants.")
    .option("--json", "print JSON")
    .action((options) => runList(options));
  addTenantOperations(tenant);
}

const newTenant = z.object({
  slug: tenantSlug,
  name: tenantName,
  timeZone: tenantSettings.shape.timeZone.optional(),
});

async function runCreate({ json, ...typed }: { json?: boolean } & z.input<typeof newTenant>) {
  const input = parseInput(newTenant, typed);
  await withInstallation(async (installation) => {
    const { database, instance } = installation;
    const now = new Date();
    const made = await database.asSystem("create a tenant by command", async (tx) => {
      const tenant = await createTenant(tx, { ...input, now });
      const door = doorOf(installation, { ...tenant, actor: { kind: "operator" }, now });
      const target = { kind: "tenant", id: tenant.id } as const;
      await record({ ...door, tx, enqueue: enqueueIn(tx) }, { action: "tenant.created", target });
      return tenant;
    });
    const address = `${instance.config.publicUrl}/t/${made.slug}/`;
    say(
      json,
      `${input.name} is at ${address}\nIt has no users yet: npm run muster -- user create --tenant ${made.slug} --role owner …`,
      {
        ...made,
        name: input.name,
        address,
      },
    );
  });
}

async function runList({ json }: { json?: boolean }) {
  await withInstallation(async ({ database }) => {
    const tenants = await database.asSystem("list the tenants by command", listTenants);
    const words =
      tenants.length > 0
        ? inColumns(
            ["Slug", "Name", "Status"],
            tenants.map((found) => [found.slug, found.name, stateOf(found)]),
          )
        : "There are no tenants yet. Create one: npm run muster -- tenant create";
    const data = tenants.map(({ status_before: statusBefore, erase_at: eraseAt, ...found }) => ({
      ...found,
      statusBefore,
      eraseAt,
    }));
    say(json, words, data);
  });
}

const stateOf = ({ status, erase_at: eraseAt }: Tenant) =>
  eraseAt ? `${status}, erased after ${momentInWords(eraseAt)}` : status;
