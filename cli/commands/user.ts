import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { addUser } from "#server/features/users/add-user.ts";
import { newUser } from "#server/features/users/contract.ts";
import { parseInput } from "../parse-input.ts";
import { operatorDoor, say, withInstallation } from "../with-installation.ts";
import { addUserExportCommand } from "./user-export.ts";

type Typed = {
  tenant: string;
  email: string;
  firstName: string;
  lastName: string;
  role: string;
  passwordStdin?: boolean;
  json?: boolean;
};

export function addUserCommands(program: Command) {
  const user = program.command("user").description("The users of a tenant.");
  user
    .command("create")
    .description("Invite somebody by email or, with --password-stdin, create them with a temporary password.")
    .requiredOption("--tenant <slug>", "the tenant")
    .requiredOption("--email <address>", "the email address: login and mailbox")
    .requiredOption("--first-name <name>", "first name")
    .requiredOption("--last-name <name>", "last name")
    .option("--role <role>", "owner, administrator, user_administrator, auditor or member", "member")
    .option("--password-stdin", "read the temporary password from standard input; it is mailed to them")
    .option("--json", "print JSON")
    .action((options) => runCreate(options));
  addUserExportCommand(user);
}

async function runCreate({ json, tenant, passwordStdin, ...typed }: Typed) {
  // Never an option: a command line is visible to every user of the machine.
  const password = passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, "") : undefined;
  const input = parseInput(
    newUser,
    password === undefined ? { ...typed, mode: "invite" } : { ...typed, mode: "create", password },
  );
  await withInstallation(async (installation) => {
    const made = await addUser(await operatorDoor(installation, tenant), input);
    const what = made.status === "invited" ? "invited" : "created";
    say(
      json,
      `${made.firstName} ${made.lastName} was ${what}. The email to ${made.email} goes out while Muster runs.`,
      made,
    );
  });
}
