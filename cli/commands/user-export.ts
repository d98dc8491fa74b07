import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { validate } from "uuid";
import type { Door } from "#server/context.ts";
import { groupNameKey } from "#server/features/groups/group-name.ts";
import { allGroupNames } from "#server/features/groups/store.ts";
import { type ExportFormat, exportUsers } from "#server/features/users/export-users.ts";
import type { UserStatus } from "#server/features/users/store.ts";
import { type Role, roles } from "#server/permissions.ts";
import { operatorDoor, RefusedInput, withInstallation } from "../with-installation.ts";

type Options = {
  tenant: string;
  format?: ExportFormat;
  status?: UserStatus;
  group?: string;
  search?: string;
  role?: Role;
  neverSignedIn?: true;
  secondFactor?: "set_up" | "none";
  invitationExpired?: true;
  mailFailed?: true;
  import?: string;
  createdFrom?: Date;
  createdBefore?: Date;
  output?: string;
};

/** A day begins at midnight in UTC; with a time it is that moment. */
function moment(text: string): Date {
  const date = new Date(text);
  const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  if (written && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("Write a day (2026-11-28) or a moment with its zone (2026-11-28T09:00Z).");
}

function identity(text: string): string {
  if (validate(text)) return text;
  throw new InvalidArgumentError("This is no id of an import: its page has it in its address.");
}

export function addUserExportCommand(user: Command) {
  user
    .command("export")
    .description(
      "Write users as a file that can be changed and imported again; as it is, importing it changes nothing.",
    )
    .requiredOption("--tenant <slug>", "the tenant")
    .addOption(
      new Option("--format <format>", "csv, or what the ending of --output says").choices(["csv", "xlsx"]),
    )
    .addOption(
      new Option("--status <status>", "only those of one status").choices(["invited", "active", "suspended"]),
    )
    .option("--group <name>", "only those in this group")
    .option("--search <text>", "only those whose name or address begins with this, or has its words in it")
    .addOption(new Option("--role <role>", "only those with this role").choices(roles))
    .option("--never-signed-in", "only those who never signed in")
    .addOption(
      new Option("--second-factor <whether>", "only those who have one, or have none").choices([
        "set_up",
        "none",
      ]),
    )
    .option("--invitation-expired", "only those whose invitation has run out")
    .option("--mail-failed", "only those to whom the last email failed")
    .option("--import <id>", "only those whom this import made", identity)
    .option("--created-from <day>", "only those made on or after this day", moment)
    .option("--created-before <day>", "only those made before this day", moment)
    .option("--output <file>", "the file to write, readable by you alone; otherwise standard output")
    .action((options: Options) => runExport(options));
}

async function runExport(options: Options) {
  const { tenant, output, group, import: importId, format = formatOf(output), ...filter } = options;
  await withInstallation(async (installation) => {
    const door = await operatorDoor(installation, tenant);
    const groupId = group === undefined ? undefined : await findGroup(door, group);
    const whom = { filter: { ...filter, groupId, importId }, excluded: [] };
    const { users, content } = await exportUsers(door, whom, format);
    await (output === undefined ? writeOut(content) : writeFile(content, output));
    // Standard output may be the file.
    process.stderr.write(`${users} ${users === 1 ? "user" : "users"} exported.\n`);
  });
}

const formatOf = (output = ""): ExportFormat => (/\.xlsx$/i.test(output) ? "xlsx" : "csv");

async function findGroup(door: Door, name: string): Promise<string> {
  const key = groupNameKey(name);
  const found = (await door.run(allGroupNames)).find((group) => group.name_key === key);
  if (!found) throw new RefusedInput(`--group: There is no group ${name}.`);
  return found.id;
}

/** Whole or not at all: what was there stays until everybody is written. */
async function writeFile(content: Readable, path: string) {
  const unfinished = `${path}.part`;
  try {
    await pipeline(content, createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw cannotWrite(error, path);
  }
}

function cannotWrite(error: unknown, path: string) {
  const { code = "" } = error as NodeJS.ErrnoException;
  return ["ENOENT", "EACCES", "EISDIR", "ENOTDIR", "EROFS"].includes(code)
    ? new RefusedInput(
        `--output: ${path} cannot be written (${code}). Name a file in a folder that is yours.`,
      )
    : error;
}

/** A reader that has seen enough (`head`) closes its end: then we are done as well. */
const writeOut = (content: Readable) =>
  pipeline(content, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
