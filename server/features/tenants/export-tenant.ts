import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Database } from "#server/platform/db/database.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { readSettingsRow } from "./store.ts";
import { listTenantTables, readOneMoment, readRows, type TenantTable } from "./store-whole.ts";

/** Tables of which nothing is exported, each with its reason. */
const leftOut = new Map([
  ["sessions", "who is signed in where at this moment is nobody's record"],
  ["begun_sign_ins", "who is about to sign in at this moment is nobody's record"],
  ["credentials", "password hashes and seals"],
  ["import_chunks", "sealed pieces of uploads that wait to be applied: passwords"],
  ["import_edits", "sealed corrections of rows that wait to be applied: passwords"],
  ["mailbox_messages", "sealed emails: passwords and links"],
]);

/**
 * Columns of bytes that are exported, as hexadecimal digits: what proves that nothing of the audit log was changed, and what
 * files are told by. Whatever else is bytes is a seal, or a hash of what lets somebody in; a test asks of a new one which.
 */
const shownBytes = new Set([
  "audit_events.personal_digest",
  "audit_heads.hash",
  "audit_heads.signature",
  "audit_links.hash",
  "audit_personal.salt",
  "import_files.headers_key",
  "import_files.sha256",
  "import_mappings.headers_key",
]);

/** Columns of bytes that are not, each with its reason. */
const secretBytes = new Map([
  ["authenticators.sealed_secret", "sealed secrets of authenticator apps"],
  ["import_files.sealed_samples", "sealed values of an upload: perhaps passwords"],
  ["import_rows.sealed_password", "sealed passwords"],
  ["known_browsers.id_hash", "hashes of what browsers keep"],
  ["mail_servers.sealed_password", "the sealed password of the tenant's mail server"],
  ["passkeys.credential_id", "by what passkeys are found"],
  ["passkeys.public_key", "by what passkeys are checked"],
  ["recovery_codes.code_hash", "hashes of recovery codes"],
  ["past_logos.content", "the logos there were before, each a file of its own"],
  ["tenant_logos.content", "the logo, which is a file of its own"],
]);

const isLeftOut = (type: string, name: string) => type === "bytea" && !shownBytes.has(name);

/** Columns of bytes that nobody has decided about: they are left out. */
export const undecidedBytes = (tables: readonly TenantTable[]) =>
  tables
    .filter(({ name }) => !leftOut.has(name))
    .flatMap(({ name, columns, types }) =>
      columns.filter((_, at) => types[at] === "bytea").map((column) => `${name}.${column}`),
    )
    .filter((column) => !shownBytes.has(column) && !secretBytes.has(column));

/**
 * Writes everything a tenant has, but no secret, into a folder: `tenant.json`, the logo, and a file of JSON lines for each
 * table. All of it is of one moment, however long it takes. Answers how many rows of what.
 */
export async function exportTenant(database: Database, tenantId: string, folder: string) {
  await makeFolder(folder);
  return database.asSystem("export a tenant", async (tx) => {
    await readOneMoment(tx);
    const rows: Record<string, number> = {};
    for (const table of await listTenantTables(tx)) {
      if (!leftOut.has(table.name)) rows[table.name] = await exportTable(tx, table, { tenantId, folder });
    }
    await exportLogos(tx, tenantId, folder);
    const tenant = await readSettingsRow(tx, tenantId);
    await writePrivately(
      join(folder, "tenant.json"),
      `${JSON.stringify({ ...tenant, exportedAt: new Date(), rows, leftOut: Object.fromEntries([...leftOut, ...secretBytes]) }, null, 2)}\n`,
    );
    return rows;
  });
}

/** Nobody else reads it; one that has something in it is left alone. */
export async function makeFolder(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new ProblemError(409, "folder.not_empty", `The folder ${folder} is not empty. Name a new one.`);
}

type Where = { tenantId: string; folder: string };

async function exportTable(tx: Tx, { name, columns, types }: TenantTable, { tenantId, folder }: Where) {
  const shown = columns
    .map((column, at) => ({ column, type: types[at] ?? "" }))
    .filter(({ column, type }) => column !== "tenant_id" && !isLeftOut(type, `${name}.${column}`));
  const file = createWriteStream(join(folder, `${name}.jsonl`), { mode: 0o600 });
  const done = finished(file);
  done.catch(() => {});
  let count = 0;
  for await (const rows of readRows(tx, { name, columns: shown }, tenantId)) {
    count += rows.length;
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    if (!file.write(lines)) await Promise.race([once(file, "drain"), done]);
  }
  file.end();
  await done;
  return count;
}

async function exportLogos(tx: Tx, tenantId: string, folder: string) {
  const logos = await tx.rows<{ name: string; media_type: string; content: Buffer }>(
    `select 'logo' as name, media_type, content from tenant_logos where tenant_id = $1
     union all select 'past-logo-' || digest, media_type, content from past_logos where tenant_id = $1`,
    [tenantId],
  );
  for (const { name, media_type: type, content } of logos)
    await writePrivately(join(folder, `${name}.${type.split("/")[1]}`), content);
}

const writePrivately = (path: string, content: string | Buffer) => writeFile(path, content, { mode: 0o600 });
