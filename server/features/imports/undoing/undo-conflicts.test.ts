import fc from "fast-check";
import { expect, test } from "vitest";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { holds } from "#tests/support/property.ts";
import { rowsOfImport } from "#tests/support/run-import.ts";
import { peopleStates } from "#tests/support/state-of-people.ts";
import type { UndoPlan } from "../contract.ts";

const desk = importsByHand({});

const names = ["made1", "made2", "made3", "changed1", "changed2", "changed3"] as const;
type Name = (typeof names)[number];
const emailOf = (name: Name) => `${name}@northwind.example`;
const isMade = (name: Name) => name.startsWith("made");

const fileOf = (who: readonly Name[], first: string, group: string) =>
  `First name,Last name,Email,Groups\n${who.map((name) => `${first},Berg,${emailOf(name)},${group}`).join("\n")}\n`;

/** What an administrator does to somebody after the import, which put everybody into Night, whoever was there out of Staff. */
const changes = ["rename", "role", "out of Night", "into Staff", "into Choir"] as const;
type Change = (typeof changes)[number];
const story = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.subarray<Change>([...changes])])) as Record<
    Name,
    fc.Arbitrary<Change[]>
  >,
);

async function imported(content: string) {
  const { id } = await desk.checked(content);
  const choice = { createMissingGroups: true, existing: "replace_groups", mail: { when: "hold" } };
  await desk.tenant.owner.call("PATCH", `/imports/${id}`, choice);
  expect((await desk.applied(id)).state).toBe("finished");
  return id;
}

async function groupIds() {
  const rows = await desk.query("select name, id from groups where tenant_id = $1", [desk.tenant.id]);
  return Object.fromEntries(rows.map(({ name, id }) => [String(name), String(id)]));
}

async function change(name: Name, wanted: readonly Change[], groups: Record<string, string>) {
  if (wanted.length === 0) return;
  const [user] = await desk.query("select id, version from users where tenant_id = $1 and email_key = $2", [
    desk.tenant.id,
    emailOf(name),
  ]);
  const does = (one: Change) => wanted.includes(one);
  const answer = await desk.tenant.owner.call("PATCH", `/users/${user?.id}`, {
    version: user?.version,
    ...(does("rename") && { firstName: "Mine" }),
    ...(does("role") && { role: "auditor" }),
    addGroupIds: [does("into Staff") && groups.Staff, does("into Choir") && groups.Choir].filter(Boolean),
    removeGroupIds: does("out of Night") ? [groups.Night] : [],
  });
  expect(answer.status).toBe(200);
}

const states = async () =>
  new Map(
    (await peopleStates(desk.installation.database, desk.tenant.id)).map((one) => [one.email_key, one]),
  );

const isConflict = (name: Name, wanted: readonly Change[]) =>
  wanted.some((one) => isMade(name) || ["rename", "out of Night", "into Staff"].includes(one));

test(
  "undo leaves alone exactly what an administrator changed since, and lists whom",
  { timeout: 120_000 },
  () =>
    holds(
      fc.asyncProperty(story, async (wanted) => {
        await desk.newTenant();
        await desk.makeGroup("Choir");
        await desk.makeGroup("Staff");
        await imported(
          fileOf(
            names.filter((name) => !isMade(name)),
            "Old",
            "Staff",
          ),
        );
        const id = await imported(fileOf(names, "New", "Night"));
        const groups = await groupIds();
        for (const name of names) await change(name, wanted[name], groups);
        const before = await states();

        const { body: plan } = await desk.tenant.owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
        const path = `/imports/${id}/undo`;
        expect((await desk.tenant.owner.call("POST", path, { planHash: plan.hash })).status).toBe(202);
        await desk.job("imports.apply");

        const conflicts = names.filter((name) => isConflict(name, wanted[name]));
        expect(plan.conflicts.reduce((sum, { rows }) => sum + rows, 0)).toBe(conflicts.length);
        expect((await rowsOfImport(desk.tenant.owner, id)).map(({ outcome }) => outcome)).toEqual(
          names.map((name) => (conflicts.includes(name) ? "kept" : "undone")),
        );
        const after = await states();
        for (const name of names) {
          const email = emailOf(name);
          const was = before.get(email);
          if (isMade(name)) {
            expect(after.get(email)).toEqual(wanted[name].length > 0 ? was : undefined);
            continue;
          }
          const kept = ((was?.groups ?? []) as string[]).filter(
            (group) => group !== "Night" && group !== "Staff",
          );
          expect(after.get(email)).toMatchObject({
            first_name: wanted[name].includes("rename") ? "Mine" : "Old",
            role: was?.role,
            groups: [...kept, "Staff"],
          });
        }
      }),
      12,
    ),
);
