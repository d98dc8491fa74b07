import { Command } from "commander";
import { ProblemError } from "#server/platform/errors.ts";
import { version } from "#server/version.ts";

type AddCommands = (program: Command) => void;

/** What each noun needs is loaded when it is asked for: `import` alone needs most of the server. */
const nouns = new Map<string | undefined, () => Promise<AddCommands>>([
  ["tenant", async () => (await import("./commands/tenant.ts")).addTenantCommands],
  ["user", async () => (await import("./commands/user.ts")).addUserCommands],
  ["import", async () => (await import("./commands/import.ts")).addImportCommands],
  ["audit", async () => (await import("./commands/audit.ts")).addAuditCommands],
  ["db", async () => (await import("./commands/db.ts")).addDatabaseCommands],
]);
const asked = nouns.get(process.argv[2]);

const program = new Command("npm run muster --")
  .description(
    "Muster's command line, for whoever runs it: run it on the server, with the server's settings.",
  )
  .version(version);
// What commander itself refuses (a command or option mistyped or missing) is a refusal like any other. Before the
// commands are added: they take it over.
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
for (const load of asked ? [asked] : nouns.values()) (await load())(program);
/** Exit codes: 0 done, 1 something went wrong, 2 refused (the message says what to write instead), 3 done in part, 4 an audit log is not intact. */
program.parseAsync().catch((error: Error) => {
  const refused =
    error instanceof ProblemError || ["ConfigError", "DatabaseNotReady", "RefusedInput"].includes(error.name);
  process.stderr.write(`${refused ? error.message : error.stack}\n`);
  process.exitCode = refused ? 2 : 1;
});
