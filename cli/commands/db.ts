import type { Command } from "commander";
import { say, withInstallation } from "../with-installation.ts";

export function addDatabaseCommands(program: Command) {
  program
    .command("db")
    .description("The database.")
    .command("prepare")
    .description(
      "Make the four database roles and bring the schema up to date, as every start does. Where the login of DATABASE_URL may not make roles, print the statements an administrator must run.",
    )
    .option("--json", "print JSON")
    .action(({ json }: { json?: boolean }) =>
      withInstallation(async () => say(json, "The database is ready.", { ready: true })),
    );
}
