import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { messageKinds } from "#server/app.ts";
import type { Door, JobServices } from "#server/context.ts";
import { changeFile } from "#server/features/imports/change-file.ts";
import type { Import, Leaver } from "#server/features/imports/contract.ts";
import { cancelImport, changeImport, startImport } from "#server/features/imports/decide-import.ts";
import { importJobsIn } from "#server/features/imports/jobs.ts";
import { chooseLeavers } from "#server/features/imports/leavers/choose-leavers.ts";
import { presentLeavers } from "#server/features/imports/leavers/present-leavers.ts";
import { presentImport } from "#server/features/imports/present-import.ts";
import { receiveUpload } from "#server/features/imports/receive-upload.ts";
import { planUndo, startUndo } from "#server/features/imports/undoing/plan-undo.ts";
import { registerKinds } from "#server/features/mail/kinds.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { jobServices } from "#server/start-background.ts";
import { describeImport, describeLeavers, describeUndo } from "../describe-import.ts";
import { operatorDoor, RefusedInput, say, withInstallation } from "../with-installation.ts";

type Options = {
  tenant: string;
  mode?: "create" | "invite";
  existing?: "skip" | "add_groups" | "replace_groups";
  createGroups?: boolean;
  allOrNothing?: boolean;
  holdMail?: boolean;
  source?: string;
  suspendMissing?: boolean;
  graceDays?: number;
  confirm?: string;
  dryRun?: boolean;
  json?: boolean;
};

const standardInput = "-";

/** Some rows were left out: they have problems, or wait for a group. */
const someLeftOut = 3;

export function addImportCommands(program: Command) {
  const command = program
    .command("import")
    .description("Import people from CSV files or Excel workbooks: check them, show the plan, carry it out.")
    .argument("[files...]", "the files; - is standard input")
    .addHelpText("after", exitCodes);
  withChoices(command)
    .option("--confirm <phrase>", "what the plan asks to be confirmed with, where it does")
    .option(
      "--dry-run",
      "only show what would happen; the file and its passwords are removed, the check is listed as cancelled",
    )
    .action((files: string[], options: Options) => runImport(files, options));
  withChoices(command.command("plan"))
    .description(
      "Check files and keep the plan, to be looked at in the portal or applied by its id and hash.",
    )
    .argument("<files...>", "the files")
    .action((files: string[], _options, self: Command) => runPlan(files, self.optsWithGlobals<Options>()));
  command
    .command("apply")
    .description("Carry out a plan, exactly as it was shown.")
    .argument("<id>", "the import")
    .requiredOption("--plan <hash>", "the hash of the plan")
    .action((id: string, _options, self: Command) =>
      runApply(id, self.optsWithGlobals<Options & { plan: string }>()),
    );
  command
    .command("leavers")
    .description("List who is missing from an import of a named source, and who of them is to be suspended.")
    .argument("<id>", "the import")
    .action((id: string, _options, self: Command) => listLeavers(id, self.optsWithGlobals<Options>()));
  command
    .command("undo")
    .description("Undo an import: whoever has signed in or was changed since stays.")
    .argument("<id>", "the import")
    .action((id: string, _options, self: Command) => runUndo(id, self.optsWithGlobals<Options>()));
}

function wholeNumber(text: string) {
  if (!/^\d{1,2}$/.test(text) || Number(text) > 90) throw new InvalidArgumentError("Say 0 to 90 days.");
  return Number(text);
}

const exitCodes = `
Exit codes: 0 everybody imported (or would be, or is there already), 3 some rows left out, 2 refused or to be confirmed, 1 something went wrong.`;

const withChoices = (command: Command) =>
  command
    .option("--tenant <slug>", "the tenant")
    .addOption(
      new Option("--mode <mode>", "create or invite, whatever the columns say").choices(["create", "invite"]),
    )
    .addOption(
      new Option("--existing <what>", "people who are users already").choices([
        "skip",
        "add_groups",
        "replace_groups",
      ]),
    )
    .option("--create-groups", "create groups that do not exist")
    .option("--all-or-nothing", "import nobody as long as a row has a problem")
    .option("--hold-mail", "hold the emails until somebody releases them in the portal")
    .option("--source <name>", "where these people come from: who is missing from its next file is told")
    .option("--suspend-missing", "suspend everybody of that source who is missing from the files")
    .option("--grace-days <days>", "after how many days they are suspended", wholeNumber)
    .option("--json", "print JSON: the import as the API answers it");

type Session = { door: Door; services: JobServices };

async function withTenant(slug: string | undefined, work: (session: Session) => Promise<void>) {
  if (!slug) throw new RefusedInput("--tenant: say which tenant.");
  registerKinds(messageKinds);
  await withInstallation(async (installation) => {
    const door = await operatorDoor(installation, slug);
    await work({ door, services: jobServices(installation, new AbortController().signal) });
  });
}

const runImport = (files: string[], options: Options) =>
  withTenant(options.tenant, async (session) => {
    const id = await uploadFiles(session, files, options);
    try {
      const plan = await makePlan(session, id, options);
      const shown = options.dryRun || plan.state !== "checked";
      finish(shown ? plan : await carryOut(session, plan, options), options);
    } catch (error) {
      // That everybody is there already is no failure: a script that runs every hour mostly finds it so.
      if (!isProblem(error, "import.nothing_to_import")) throw error;
      await letGo(session, id);
      const found = await session.door.run((ctx) => presentImport(ctx, id));
      if (found.rows === 0) throw error;
      finish(found, options, error.message);
    } finally {
      // What is away with the database is found again and given up after a day.
      await letGo(session, id).catch(() => {});
    }
  });

/** Nobody waits for an import that was refused: whoever runs the command again begins a new one. */
const letGo = ({ door }: Session, id: string) =>
  door.run(async (ctx) => {
    const { state } = await presentImport(ctx, id);
    if (state === "checking" || state === "checked") await cancelImport(ctx, id);
  });

const runPlan = (files: string[], options: Options) =>
  withTenant(options.tenant, async (session) => {
    const id = await uploadFiles(session, files, options);
    finish(await makePlan(session, id, options), options);
  });

const runApply = (id: string, options: Options & { plan: string }) =>
  withTenant(options.tenant, async (session) => {
    const plan = await session.door.run((ctx) => presentImport(ctx, id));
    const done = await carryOut(session, { ...plan, planHash: options.plan }, options);
    finish(done, options);
  });

const listLeavers = (id: string, options: Options) =>
  withTenant(options.tenant, async ({ door }) => {
    const leavers: Leaver[] = [];
    let cursor: string | undefined;
    do {
      const page = await door.run((ctx) => presentLeavers(ctx, id, { cursor, limit: 200 }));
      leavers.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    say(options.json, describeLeavers(leavers), { leavers });
  });

const runUndo = (id: string, options: Options) =>
  withTenant(options.tenant, async (session) => {
    const plan = await session.door.run((ctx) => planUndo(ctx, id));
    if (options.dryRun) return say(options.json, describeUndo(plan), plan);
    await session.door.run((ctx) => startUndo(ctx, id, plan.hash));
    const undone = await settle(session, id, "undoing");
    say(options.json, describeImport(undone), undone);
    if (undone.state !== "undone") process.exitCode = someLeftOut;
  });

function finish(found: Import, { json }: Options, why?: string) {
  say(json, [describeImport(found), ...(why ? [why] : [])].join("\n"), found);
  const { problem = 0, unknown_group = 0, conflict = 0 } = found.counts;
  const unreadable = found.files.some((file) => file.problem);
  const waiting = found.createMissingGroups && found.state === "checked" ? 0 : unknown_group;
  if (found.state === "failed") process.exitCode = 1;
  else if (problem + waiting + conflict > 0 || unreadable) process.exitCode = someLeftOut;
}

async function uploadFiles({ door }: Session, files: readonly string[], options: Options): Promise<string> {
  if (files.length === 0)
    throw new RefusedInput("Say which files: npm run muster -- import people.csv --tenant acme");
  for (const file of files) {
    if (file === standardInput) continue;
    if (!(await stat(file).catch(() => undefined))?.isFile())
      throw new RefusedInput(`There is no file ${file}.`);
  }
  if (options.suspendMissing && !options.source)
    throw new RefusedInput("--suspend-missing: say with --source whose people may be missing.");
  return (await receiveUpload(door, uploads(files))).id;
}

async function makePlan(session: Session, id: string, options: Options): Promise<Import> {
  const { door } = session;
  let plan = await settle(session, id, "checking");
  if (plan.state !== "checked") return plan;
  for (const { fileNo, kind } of plan.files) {
    const { mode } = options;
    if (!mode || mode === kind) continue;
    await door.run((ctx) => changeFile(ctx, { importId: id, fileNo }, { kind: mode }));
    plan = await settle(session, id, "checking");
  }
  const chosen = await door.run((ctx) =>
    changeImport(ctx, id, {
      ...(options.existing && { existing: options.existing }),
      ...(options.createGroups && { createMissingGroups: true }),
      ...(options.allOrNothing && { allOrNothing: true }),
      ...(options.holdMail && { mail: { when: "hold" } }),
      ...(options.source && { source: options.source }),
      ...(options.graceDays !== undefined && { leaversGraceDays: options.graceDays }),
    }),
  );
  if (!options.suspendMissing) return chosen;
  return door.run((ctx) => chooseLeavers(ctx, id, { ticked: true }));
}

async function* uploads(files: readonly string[]) {
  for (const file of files)
    yield file === standardInput
      ? { name: "standard-input", content: process.stdin }
      : { name: basename(file), content: createReadStream(file) };
}

async function carryOut(session: Session, plan: Import, { confirm }: Options): Promise<Import> {
  const agreed = { planHash: plan.planHash ?? "none", confirmation: confirm };
  await session.door
    .run((ctx) => startImport(ctx, plan.id, agreed))
    .catch((error: unknown) => {
      throw plan.seatBelt && isProblem(error, "import.confirmation_needed")
        ? unconfirmed(plan.seatBelt)
        : error;
    });
  const done = await settle(session, plan.id, "applying");
  if (done.drift) throw new RefusedInput(`${done.drift} Look at the plan again.`);
  return done;
}

const unconfirmed = ({ reasons, phrase }: NonNullable<Import["seatBelt"]>) =>
  new RefusedInput(
    `${reasons.map(({ message }) => message).join(" ")} If that is meant, add --confirm ${phrase}. Nothing was imported.`,
  );

const isProblem = (error: unknown, code: string): error is ProblemError =>
  error instanceof ProblemError && error.code === code;

/** Nobody else waits for a turn of this process. */
const importJobs = importJobsIn(Number.POSITIVE_INFINITY);

/** Does the work here, or waits while a running Muster is at it. */
async function settle({ door, services }: Session, importId: string, state: Import["state"]) {
  const prefix = state === "checking" ? "imports.check" : "imports.apply";
  let told: string | null = null;
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 500)) {
    for (const { name, run } of importJobs) {
      if (name.startsWith(prefix)) await run({ tenantId: door.tenantId }, services);
    }
    const found = await door.run((ctx) => presentImport(ctx, importId));
    if (found.state !== state) return found;
    if (found.trouble && found.trouble !== told) console.error(found.trouble);
    told = found.trouble;
    await pause(pauseMs);
  }
}
