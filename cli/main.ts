import { Command } from "commander";
import { version } from "#server/build-http.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addDatabaseCommands } from "./commands/db.ts";
import { addImportCommands } from "./commands/import.ts";
import { addTenantCommands } from "./commands/tenant.ts";
import { addUserCommands } from "./commands/user.ts";

const program = new Command("npm run muster --")
  .description(
    "Muster's command line, for whoever runs it: run it on the server, with the server's settings.",
  )
  .version(version);
// What commander itself refuses (a command or option mistyped or missing) is a refusal like any other. Before the
// commands are added: they take it over.
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
addTenantCommands(program);
addUserCommands(program);
addImportCommands(program);
addAuditCommands(program);
addDatabaseCommands(program);
/** Exit codes: 0 done, 1 something went wrong, 2 refused (the message says what to write instead), 3 done in part, 4 an audit log is not intact. */
program.parseAsync().catch((error: Error) => {
  const refused =
    error instanceof ProblemError || ["ConfigError", "DatabaseNotReady", "RefusedInput"].includes(error.name);
  process.stderr.write(`${refused ? error.message : error.stack}\n`);
  process.exitCode = refused ? 2 : 1;
});
