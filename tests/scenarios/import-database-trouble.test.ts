import { afterAll, beforeAll, expect, test } from "vitest";
import { jobs } from "#server/app.ts";
import type { Import, UndoPlan } from "#server/features/imports/contract.ts";
import { sweepMessages } from "#server/features/mail/sending/sweep-messages.ts";
import { startBackground } from "#server/start-background.ts";
import { type Gate, gate } from "#tests/support/gate.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { inSmallBatches } from "#tests/support/rough-door.ts";
import { fileOf, importIn, press, uploadFiles } from "#tests/support/run-import.ts";
import { orphans } from "#tests/support/state-of-people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

/** Rows in a transaction that applies or undoes; reading takes thousands in any case. */
const batchRows = 500;

let installation: TestInstallation;
let background: Awaited<ReturnType<typeof startBackground>>;
let stops: Gate;
beforeAll(async () => {
  installation = await testInstallation({ LOG_LEVEL: "silent" });
  stops = await gate(installation.database, ["import_rows", "users"]);
  // Nothing is found again by the sweep: whoever is interrupted sees to it that the work goes on.
  background = await startBackground(
    { ...installation, database: inSmallBatches(installation.database, batchRows) },
    jobs.filter((job) => job.name !== "imports.sweep"),
  );
});
afterAll(async () => {
  await stops?.open();
  await background?.stop();
  await installation?.close();
});

const query = (text: string, values: unknown[] = []) =>
  installation.database.query<{ pid: number; n: number }>(text, values);
const mine = "datname = current_database() and usename = 'muster_app'";

/** Ends the connections of this kind, and waits until they are gone. Whoever stands at the gate is not asleep all the time. */
async function terminate(which: string) {
  const found = async () => {
    const rows = await query(`select pid from pg_stat_activity where ${mine} and ${which}`);
    return rows.length > 0 && rows.map(({ pid }) => pid);
  };
  const pids = await until(found, `a connection with ${which}`);
  await query("select pg_terminate_backend(pid) from unnest($1::int[]) pid", [pids]);
  const gone = async () =>
    (await query("select pid from pg_stat_activity where pid = any($1)", [pids])).length === 0;
  await until(gone, "the connections to be gone");
}

/** The connection that shows that somebody is at work, and the one on which the work is done. */
const connections = {
  "the lock's": "query ~ 'pg_try_advisory_lock'",
  "the working": "wait_event = 'PgSleep'",
  "every one": "pid <> pg_backend_pid()",
};

const rows = 5500;
/** The first of them; the others lack a last name. Reading takes a second transaction, and so does what is done with these. */
const people = 550;
const content = `First name,Last name,Email\n${Array.from({ length: rows }, (_, n) => `F,${n < people ? "L" : ""},p${n}@northwind.example`).join("\n")}\n`;
const progress = (what: string, state: string) =>
  `(select coalesce(max(${what}), -1) from imports where state = '${state}')`;

/** In the middle of its second transaction the work loses a connection. */
async function interrupted(stage: { table: string; condition: string }, which: string) {
  await stops.close(stage.table, stage.condition);
  await terminate(which);
  await stops.open();
}

async function expectPeople({ id }: TestTenant, expected: number) {
  const [counted] = await query(
    `select count(*)::int as n, count(distinct email_key)::int as pid from users
      where tenant_id = $1 and role = 'member' and deleted_at is null`,
    [id],
  );
  expect(counted).toEqual({ n: expected, pid: expected });
  // An email that was in hand when its sender lost its connection is anybody's again, and then withdrawn: they are gone.
  const left = async () => (await orphans(installation.database, id)).length === 0;
  await until(left, "nothing to be left that belongs to nobody");
}

test.each(Object.entries(connections))(
  "%s connection is lost while an import is read, applied and undone: each goes on by itself, nobody is made twice",
  async (_whose, which) => {
    const tenant = await testTenant(installation);
    const { owner } = tenant;
    const reading = interrupted(
      { table: "import_rows", condition: `${progress("(counts->>'rows')::int", "checking")} >= 5000` },
      which,
    );
    const id = await uploadFiles(owner, [fileOf(content)]);
    await reading;
    expect(await importIn(owner, id, "checked", "failed")).toMatchObject({
      state: "checked",
      rows,
      toApply: people,
    });

    const applying = interrupted(
      { table: "users", condition: `${progress("applied_row", "applying")} >= ${batchRows}` },
      which,
    );
    expect((await press(owner, id)).status).toBe(202);
    await applying;
    const finished = await importIn(owner, id, "finished", "failed");
    expect(finished).toMatchObject({ state: "finished", counts: { invited: people }, trouble: null });
    await expectPeople(tenant, people);

    const { body: plan } = await owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
    expect(plan.erase).toBe(people);
    const undoing = interrupted(
      { table: "import_rows", condition: `${progress("applied_row", "undoing")} >= ${batchRows}` },
      which,
    );
    expect((await owner.call("POST", `/imports/${id}/undo`, { planHash: plan.hash })).status).toBe(202);
    await undoing;
    // Whoever was written to at that moment is erased last: when the mail sweep, each minute, has found that their sender is gone.
    await sweepMessages(installation.services);
    const undone: Import = await importIn(owner, id, "undone");
    expect(undone).toMatchObject({ counts: { undone: people, kept: 0 }, trouble: null });
    await expectPeople(tenant, 0);
  },
  180_000,
);
