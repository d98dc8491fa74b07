import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { z } from "zod";
import { resetFactors } from "#server/features/sign-in/reset-factors.ts";
import { addUser } from "#server/features/users/add-user.ts";
import { emailAddress, newUser } from "#server/features/users/contract.ts";
import { findUserByEmail } from "#server/features/users/store.ts";
import { parseInput } from "../parse-input.ts";
import { operatorDoor, RefusedInput, say, withInstallation } from "../with-installation.ts";
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
  user
    .command("reset-factors")
    .description(
      "Remove all second factors of somebody who has lost them, such as the only owner. It signs them out and tells them by email.",
    )
    .requiredOption("--tenant <slug>", "the tenant")
    .requiredOption("--email <address>", "whose")
    .option("--json", "print JSON")
    .action((options) => runResetFactors(options));
  addUserExportCommand(user);
}

async function runResetFactors({ json, tenant, ...typed }: Pick<Typed, "tenant" | "email" | "json">) {
  const { email } = parseInput(z.object({ email: emailAddress }), typed);
  await withInstallation(async (installation) => {
    const door = await operatorDoor(installation, tenant);
    const { user, removed } = await door.run(async (ctx) => {
      const user = await findUserByEmail(ctx, email);
      if (!user) throw new RefusedInput(`Nobody at ${tenant} has the address ${email}.`);
      return { user, removed: await resetFactors(ctx, user.id) };
    });
    const words = removed
      ? `The second factors of ${user.first_name} ${user.last_name} are removed. They sign in with their password alone.`
      : `${user.first_name} ${user.last_name} has no second factor.`;
    say(json, words, { id: user.id, removed });
  });
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
