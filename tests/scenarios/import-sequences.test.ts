import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Door } from "#server/context.ts";
import { applyImport } from "#server/features/imports/apply-import.ts";
import { checkImport } from "#server/features/imports/check-import.ts";
import type { Import, UndoPlan } from "#server/features/imports/contract.ts";
import { importJobs } from "#server/features/imports/jobs.ts";
import { undoRows } from "#server/features/imports/undoing/undo-rows.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { holds } from "#tests/support/property.ts";
import { fillDisk, freeDisk, roughDoor } from "#tests/support/rough-door.ts";
import { fileOf, press, uploadFiles } from "#tests/support/run-import.ts";
import { orphans, type PersonState, peopleStates } from "#tests/support/state-of-people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { expectKill, type Trouble, troubles, workInTrouble } from "#tests/support/trouble-at-work.ts";

let installation: TestInstallation;
/** Everybody as they are before the import, and as they are when all of it has been applied without any trouble. */
let nothing: Map<string, PersonState>;
let all: Map<string, PersonState>;

const at = (name: string) => `${name}@northwind.example`;
const createFile = `First name,Last name,Email,Password,Groups
Cara,One,${at("c1")},quiet river stone 1,Staff
Cleo,Two,${at("c2")},quiet river stone 2,Staff; New One
Curt,Three,${at("c3")},,
Cora,Four,${at("c4")},quiet river stone 4,New One
`;
const inviteFile = `First name,Last name,Email,Groups,Suspended
Ines,One,${at("i1")},Sales,
Anne,Berg,${at("x1")},New One; Staff,
Ivan,Two,${at("i2")},New Two,
Bad,Row,no address,Staff,
Bela,Cruz,${at("x2")},Sales,
Ines,Again,${at("i1")},Staff,
Sven,Still,${at("s1")},Staff,yes
Cora,Diaz,${at("x3")},Staff,
Iris,Three,${at("i3")},,
`;
/** Row 5 of the second file, as somebody mends it. */
const mended = { email: at("mended") };
const baseGroups = ["Sales", "Staff"];
const newGroups = ["New One", "New Two"];
const doneOutcomes = ["created", "invited", "suspended", "updated"];

/** `planned`: it was checked to the end once. `begun`: applying was, so that the missing groups are there. `kept`: those that stay. */
type World = { tenant: TestTenant; door: Door; id: string; planned: boolean; begun: boolean; kept: string[] };
type State = Import["state"];
type Model = { state: State; deaths: number };

async function newWorld(): Promise<World> {
  const tenant = await testTenant(installation);
  const door = await installation.services.door(tenant.id);
  if (!door) throw new Error("There is no such tenant.");
  const groups = new Map<string, string>();
  for (const name of baseGroups)
    groups.set(name, (await tenant.owner.call<{ id: string }>("POST", "/groups", { name })).body.id);
  const add = (firstName: string, lastName: string, email: string, group: string) =>
    tenant.owner.call("POST", "/users", {
      mode: "invite",
      firstName,
      lastName,
      email: at(email),
      groupIds: [groups.get(group)],
    });
  await add("Anna", "Berg", "x1", "Staff");
  await add("Bela", "Cruz", "x2", "Staff");
  await add("Cora", "Diaz", "x3", "Staff");
  const files = [fileOf(createFile, "create.csv"), fileOf(inviteFile, "invite.csv")];
  const id = await uploadFiles(tenant.owner, files);
  return { tenant, door, id, planned: false, begun: false, kept: newGroups };
}

const byEmail = async ({ tenant }: World) =>
  new Map((await peopleStates(installation.database, tenant.id)).map((one) => [one.email_key, one]));
const see = async ({ tenant, id }: World) => (await tenant.owner.call<Import>("GET", `/imports/${id}`)).body;

const check = ({ door, id }: World) => checkImport(door, id, () => false);
const mend = ({ tenant, id }: World) => tenant.owner.call("PATCH", `/imports/${id}/rows/2/5`, mended);

async function pressApply({ tenant, id }: World) {
  const choice = { createMissingGroups: true, existing: "replace_groups", mail: { when: "hold" } };
  await tenant.owner.call("PATCH", `/imports/${id}`, choice);
  return (await press(tenant.owner, id)).status;
}

async function pressUndo({ tenant, id }: World) {
  const plan = await tenant.owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
  const planHash = plan.body.hash ?? "none";
  return (await tenant.owner.call("POST", `/imports/${id}/undo`, { planHash })).status;
}

beforeAll(async () => {
  installation = await testInstallation({ LOG_LEVEL: "silent" });
  const clean = await newWorld();
  nothing = await byEmail(clean);
  await check(clean);
  expect((await mend(clean)).status).toBe(200);
  expect(await pressApply(clean)).toBe(202);
  await applyImport(clean.door, clean.id, () => false);
  expect(await see(clean)).toMatchObject({
    state: "finished",
    counts: { created: 4, invited: 4, suspended: 1, updated: 2, unchanged: 1, duplicate: 1, problem: 0 },
  });
  all = await byEmail(clean);
}, 60_000);
afterAll(() => installation?.close());

/** Every row is done or not, and its person wholly as they are in the one case or in the other. */
async function expectWhole(world: World) {
  const { tenant, id } = world;
  const { query } = installation.database;
  const rows = await query<{ email_key: string; outcome: string }>(
    "select email_key, outcome from import_rows where import_id = $1",
    [id],
  );
  const done = new Set(rows.filter((row) => doneOutcomes.includes(row.outcome)).map((row) => row.email_key));
  const expected = [...new Set([...nothing.keys(), ...all.keys()])]
    .sort()
    .flatMap((email) => (done.has(email) ? all : nothing).get(email) ?? []);
  expect(await peopleStates(installation.database, tenant.id)).toEqual(expected);
  expect(await orphans(installation.database, tenant.id)).toEqual([]);

  const { state, counts } = await see(world);
  const [position] = await query<{ applied_file: number }>("select applied_file from imports where id = $1", [
    id,
  ]);
  if (["applying", "finished", "cancelled"].includes(state) && (position?.applied_file ?? 0) > 0)
    world.begun = true;
  const groups = await query<{ name: string }>("select name from groups where tenant_id = $1 order by name", [
    tenant.id,
  ]);
  // Cancelled, those stay that somebody is in, and those only until they are undone.
  const inUse = new Set(
    (await peopleStates(installation.database, tenant.id)).flatMap((one) => one.groups as string[]),
  );
  if (state === "cancelled") world.kept = world.kept.filter((name) => inUse.has(name));
  const made = world.begun && state !== "undone" ? world.kept : [];
  expect(groups.map(({ name }) => name)).toEqual([...made, ...baseGroups].sort());

  // Cancelled while it was read it has no plan, and nothing to count.
  world.planned ||= state === "checked";
  if (world.planned) {
    const counted: Record<string, number> = {};
    for (const { outcome } of rows) counted[outcome] = (counted[outcome] ?? 0) + 1;
    const shown = Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0));
    expect(shown).toEqual(counted);
  }
  expect(counts).toMatchObject({ conflict: 0, skipped: 0, kept: 0 });
}

const work = ({ door, id: importId }: World, job: typeof applyImport, trouble: Trouble) =>
  workInTrouble({ database: installation.database, door, importId }, job, trouble);

type Step = fc.AsyncCommand<Model, World>;
type Doing = { when: readonly State[]; run(world: World, model: Model): Promise<void> };

const step = (name: string, { when, run }: Doing): Step => ({
  check: ({ state }) => when.includes(state),
  run: async (model, world) => {
    const before = model.state;
    await run(world, model);
    model.state = (await see(world)).state;
    expect([before, ...(next[before] ?? [])]).toContain(model.state);
    await expectWhole(world);
  },
  toString: () => name,
});

/** Where an import may go from where it stands. */
const next: Partial<Record<State, readonly State[]>> = {
  checking: ["checked", "cancelled"],
  checked: ["applying", "cancelled"],
  applying: ["finished", "cancelled"],
  finished: ["undoing"],
  cancelled: ["undoing"],
  undoing: ["undone"],
};
const over: readonly State[] = ["finished", "cancelled", "undoing", "undone"];

/** A full disk is nobody's death: the import waits until it is tried again. */
const checkingOnFullDisk = fc.constantFrom("import_rows", "import_groups", "import_files").map((table) =>
  step(`check, the disk full at ${table}`, {
    when: ["checking"],
    run: async ({ tenant, door, id }) => {
      const { database, services } = installation;
      const before = await attempts(id);
      await fillDisk(database, table, 1);
      const check = importJobs.find((job) => job.name === "imports.check");
      const rough = async () => roughDoor(door, { batchRows: 3 });
      await check?.run({ tenantId: tenant.id }, { ...services, door: rough });
      await freeDisk(database, table);
      const after = await attempts(id);
      if (after.length > 0) expect(after).toEqual(before);
      await database.query("update imports set retry_at = now() where id = $1 and retry_at is not null", [
        id,
      ]);
    },
  }),
);
/** None where it has been checked: the disk was full too late. */
const attempts = (id: string) =>
  installation.database.query("select check_attempts from imports where id = $1 and state = 'checking'", [
    id,
  ]);

const checking = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }).map((dieAt) =>
  step(`check${dieAt ? `, killed at statement ${dieAt}` : ""}`, {
    when: ["checking"],
    run: async (world, model) => {
      // Whoever dies three times is given up, which is another story.
      const doomed = model.deaths < 2 ? dieAt : undefined;
      if (doomed) model.deaths += 1;
      const door = roughDoor(world.door, { batchRows: 3, dieAt: doomed });
      await checkImport(door, world.id, () => false).catch(expectKill);
    },
  }),
);
const mending = fc.constant(
  step("mend a row", {
    when: ["checked"],
    run: async (world) => expect((await mend(world)).status).toBe(200),
  }),
);
const pressing = fc.constant(
  step("press Import CSV", {
    when: ["checked", "applying"],
    run: async (world) => expect(await pressApply(world)).toBe(202),
  }),
);
const pressingLate = fc.constant(
  step("press Import CSV too late", {
    when: over,
    run: async (world) => expect(await pressApply(world)).toBe(409),
  }),
);
const applying = troubles.map((trouble) =>
  step(`apply: ${JSON.stringify(trouble)}`, {
    when: ["applying"],
    run: (world) => work(world, applyImport, trouble),
  }),
);
const cancelling = fc.constant(
  step("cancel", {
    when: ["checking", "checked", "applying"],
    run: async ({ tenant, id }) => {
      expect((await tenant.owner.call("POST", `/imports/${id}/cancel`)).status).toBe(200);
      const wipe = importJobs.find((job) => job.name === "imports.wipe");
      await wipe?.run({ tenantId: tenant.id }, installation.services);
    },
  }),
);
const pressingUndo = fc.constant(
  step("press Undo", {
    when: ["finished", "cancelled", "undone"],
    run: async (world) => {
      const { canUndo } = await see(world);
      expect(await pressUndo(world)).toBe(canUndo ? 202 : 409);
    },
  }),
);
const undoing = troubles.map((trouble) =>
  step(`undo: ${JSON.stringify(trouble)}`, {
    when: ["undoing"],
    run: (world) => work(world, undoRows, trouble),
  }),
);
/** A worker that comes late finds nothing to do. */
const late = fc.constant(
  step("both jobs too late", {
    when: ["checked", "finished", "cancelled", "undone"],
    run: async ({ door, id }) => {
      await applyImport(door, id, () => false);
      await undoRows(door, id, () => false);
    },
  }),
);

/** The work left goes on without trouble: then all of the import is there, or none of it, or what was done before Cancel. */
async function expectCleanEnd(world: World) {
  await applyImport(world.door, world.id, () => false);
  await undoRows(world.door, world.id, () => false);
  await expectWhole(world);
  const { state, counts } = await see(world);
  expect(["checking", "checked", "finished", "cancelled", "undone"]).toContain(state);
  const people = await byEmail(world);
  const mendedIsThere = people.has(mended.email);
  if (state === "finished") {
    expect(counts).toMatchObject({ ready: 0, update: 0, unknown_group: 0 });
    const wanted = new Map(all);
    if (!mendedIsThere) wanted.delete(mended.email);
    expect(people).toEqual(wanted);
    expect(counts.problem).toBe(mendedIsThere ? 0 : 1);
  }
  if (state === "undone" || state === "checked" || state === "checking") expect(people).toEqual(nothing);
  if (state === "finished" || state === "cancelled" || state === "undone") {
    const left = `select from import_chunks where import_id = $1
      union all select from import_rows where import_id = $1 and sealed_password is not null`;
    expect(await installation.database.query(left, [world.id])).toEqual([]);
  }
}

/** Most steps do not fit where the import stands, and are passed over. */
const stories = fc.commands<Model, World, false>(
  [
    checking,
    checkingOnFullDisk,
    mending,
    pressing,
    pressing,
    applying,
    applying,
    applying,
    cancelling,
    pressingUndo,
    pressingUndo,
    undoing,
    undoing,
    undoing,
    late,
    pressingLate,
  ],
  { maxCommands: 60, size: "max" },
);

test(
  "whatever happens in whatever order: every row is done wholly or not at all, and in the end all or none",
  () =>
    holds(
      fc.asyncProperty(stories, async (steps) => {
        const world = await newWorld();
        await fc.asyncModelRun(
          () => ({ model: { state: "checking" as State, deaths: 0 }, real: world }),
          steps,
        );
        await expectCleanEnd(world);
      }),
      40,
    ),
  120_000,
);

describe("found so", () => {
  const counts = async (world: World) => {
    const shown = Object.entries((await see(world)).counts).filter(([, rows]) => rows > 0);
    return Object.fromEntries(shown);
  };
  async function begun() {
    const world = await newWorld();
    await check(world);
    expect(await pressApply(world)).toBe(202);
    return world;
  }

  test("stopped among rows that waited for a group, the counts are those of the rows", async () => {
    const world = await begun();
    await work(world, applyImport, { kind: "stopped", batches: 1 });
    const left = { ready: 3, unknown_group: 2, update: 2, unchanged: 1, duplicate: 1, problem: 1 };
    expect(await counts(world)).toEqual({ created: 3, ...left });
  });

  test("a group that vanished while an import runs: what was left out for it is counted at once", async () => {
    const world = await begun();
    await work(world, applyImport, { kind: "stopped", batches: 1 });
    await installation.database.query("delete from groups where tenant_id = $1 and name = 'New One'", [
      world.tenant.id,
    ]);
    await work(world, applyImport, { kind: "stopped", batches: 1 });
    const left = { ready: 2, unknown_group: 1, update: 1, unchanged: 1, duplicate: 1, problem: 1 };
    expect(await counts(world)).toEqual({ created: 3, invited: 1, conflict: 2, ...left });
  });

  test("half undone, a row counts as done or as undone, not as both", async () => {
    const world = await begun();
    await applyImport(world.door, world.id, () => false);
    expect(await pressUndo(world)).toBe(202);
    await work(world, undoRows, { kind: "stopped", batches: 1 });
    const left = { created: 1, invited: 3, suspended: 1, updated: 2, unchanged: 1, duplicate: 1, problem: 1 };
    expect(await counts(world)).toEqual({ undone: 3, ...left });
  });
});
