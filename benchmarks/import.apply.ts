import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import pg from "pg";
import { applyImport } from "#server/features/imports/apply-import.ts";
import { checkImport } from "#server/features/imports/check-import.ts";
import { changeImport, startImport } from "#server/features/imports/decide-import.ts";
import { presentImport } from "#server/features/imports/present-import.ts";
import { receiveUpload } from "#server/features/imports/receive-upload.ts";
import type { Installation } from "#server/open-installation.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { median, seconds, spread } from "./support/time.ts";

/**
 * `import.apply`: applying an invite file, against the database itself: the same final rows (users, memberships,
 * invitations, messages, row outcomes) put by hand-written INSERT … SELECT into the same tables with the same indexes on the
 * same server, in one transaction as the superuser, whom row-level security does not slow. `import.total`: from pressing
 * upload to the last row applied, against the same limit.
 */
export async function measure({ rows, runs }: { rows: number; runs: number }) {
  const ours: number[] = [];
  const total: number[] = [];
  const limit: number[] = [];
  const version = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      const mine = await stage(installation, rows);
      const applied = await seconds(() => apply(mine));
      ours.push(applied);
      total.push(mine.staged + applied);
      limit.push(await byHand(installation, await stage(installation, rows)));
    }
    const [row] = await installation.database.asSystem("which version", (tx) =>
      tx.rows<{ server_version: string }>("show server_version"),
    );
    return row?.server_version;
  });
  const settings = {
    rows,
    runs,
    postgres: version,
    batchRows: 5000,
    ours: spread(ours),
    total: spread(total),
    limit: spread(limit),
  };
  const figure = (name: string, times: number[], bar: number) => ({
    figure: name,
    ratio: median(times) / median(limit),
    bar,
    ours_s: median(times),
    limit_s: median(limit),
    settings,
  });
  return [figure("import.apply", ours, 1.5), figure("import.total", total, 3)];
}

type Staged = Awaited<ReturnType<typeof stage>>;

/** A tenant with an import that is uploaded and checked, all rows ready once the groups are made. */
async function stage(installation: Installation, rows: number) {
  const tenant = await newTenant(installation);
  let importId = "";
  const staged = await seconds(async () => {
    const upload = { name: "people.csv", content: Readable.from(peopleFile(rows)) };
    ({ id: importId } = await receiveUpload(
      tenant.door,
      (async function* () {
        yield upload;
      })(),
    ));
    await checkImport(tenant.door, importId, () => false);
  });
  await tenant.door.run((ctx) => changeImport(ctx, importId, { createMissingGroups: true }));
  return { ...tenant, importId, staged };
}

async function apply({ door, importId }: Staged) {
  await door.run(async (ctx) => {
    const { planHash, seatBelt } = await presentImport(ctx, importId);
    await startImport(ctx, importId, { planHash: planHash ?? "", confirmation: seatBelt?.phrase });
  });
  await applyImport(door, importId, () => false);
}

/** The same rows by hand. Groups are made beforehand: they are not what is measured. */
async function byHand(installation: Installation, { id, door, importId }: Staged): Promise<number> {
  await door.run(async ({ tx }) => {
    await tx.run(
      "insert into groups (tenant_id, id, name, name_key, created_at, updated_at) select $1, gen_random_uuid(), name, name_key, now(), now() from import_groups where tenant_id = $1 and import_id = $2",
      [id, importId],
    );
    await tx.run(
      "update import_groups i set group_id = g.id from groups g where i.tenant_id = $1 and i.import_id = $2 and g.tenant_id = $1 and g.name_key = i.name_key",
      [id, importId],
    );
  });
  const client = new pg.Client({ ...superuserOf(installation), options: "-c search_path=muster" });
  await client.connect();
  const values = [id, importId];
  const took = await seconds(async () => {
    await client.query("begin");
    for (const sql of handWritten) await client.query(sql, values);
    await client.query("commit");
  });
  await client.end();
  return took;
}

const handWritten = [
  `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, status, created_at, updated_at)
   select tenant_id, user_id, email, email_key, first_name, last_name, name_key, given_key, 'member', 'invited', now(), now()
     from import_rows where tenant_id = $1 and import_id = $2`,
  `insert into memberships (tenant_id, user_id, group_id)
   select r.tenant_id, r.user_id, i.group_id from import_rows r cross join unnest(r.group_keys) k
     join import_groups i on i.tenant_id = r.tenant_id and i.import_id = r.import_id and i.name_key = k
    where r.tenant_id = $1 and r.import_id = $2`,
  `insert into links (tenant_id, user_id, purpose, made_at, expires_at)
   select tenant_id, user_id, 'invitation', now(), now() + interval '30 days' from import_rows where tenant_id = $1 and import_id = $2`,
  `insert into messages (tenant_id, id, user_id, kind, due_at, created_at)
   select tenant_id, uuidv7(), user_id, 'user.invited', now(), now() from import_rows where tenant_id = $1 and import_id = $2`,
  `update import_rows set outcome = 'invited' where tenant_id = $1 and import_id = $2`,
];

function superuserOf({ instance }: Installation): pg.ClientConfig {
  return superuser(instance.config.dataDir, instance.secrets.derivePassword("postgres"));
}

function superuser(dataDir: string, password: string): pg.ClientConfig {
  const { socketDir, port } = JSON.parse(readFileSync(join(dataDir, "postgres.running"), "utf8")) as {
    socketDir: string;
    port: number;
  };
  return { host: socketDir, port, user: "postgres", password, database: "muster" };
}
