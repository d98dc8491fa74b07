import { afterAll, beforeAll, expect } from "vitest";
import type { Door } from "#server/context.ts";
import { applyImport } from "#server/features/imports/apply-import.ts";
import { checkImport } from "#server/features/imports/check-import.ts";
import type { Import } from "#server/features/imports/contract.ts";
import { importJobs } from "#server/features/imports/jobs.ts";
import { type TestInstallation, testInstallation } from "./installation.ts";
import { fileOf, press, uploadFiles } from "./run-import.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

export const one = "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,\n";

/** Imports of a test file, step by step: each test has a tenant of its own, and no job runs unless a test runs it. */
export function importsByHand(environment: Record<string, string>) {
  const desk = {} as { installation: TestInstallation; tenant: TestTenant; door: Door };
  beforeAll(async () => {
    desk.installation = await testInstallation({ LOG_LEVEL: "silent", ...environment });
  });
  afterAll(() => desk.installation?.close());

  const upload = (content: string | Buffer = one) => uploadFiles(desk.tenant.owner, [fileOf(content)]);
  const see = async (id: string) => (await desk.tenant.owner.call<Import>("GET", `/imports/${id}`)).body;
  const check = (id: string) => checkImport(desk.door, id, () => false);
  const query = (text: string, values: unknown[] = []) =>
    desk.installation.database.query<Record<string, unknown>>(text, values);
  return Object.assign(desk, {
    newTenant: async () => {
      desk.tenant = await testTenant(desk.installation);
      const opened = await desk.installation.services.door(desk.tenant.id);
      if (!opened) throw new Error("There is no such tenant.");
      desk.door = opened;
    },
    upload,
    see,
    check,
    query,
    job: (name: string, payload = {}, services = desk.installation.services) =>
      importJobs
        .find((found) => found.name === name)
        ?.run({ tenantId: desk.tenant.id, ...payload }, services),
    checked: async (content: string | Buffer) => {
      const id = await upload(content);
      await check(id);
      return see(id);
    },
    applied: async (id: string, through = desk.door) => {
      expect((await press(desk.tenant.owner, id)).status).toBe(202);
      await applyImport(through, id, () => false);
      return see(id);
    },
    makeGroup: (name: string) => desk.tenant.owner.call("POST", "/groups", { name }),
    groupNames: async () =>
      (await query("select name from groups where tenant_id = $1 order by name", [desk.tenant.id])).map(
        (row) => row.name,
      ),
    membersOf: async (name: string) =>
      (
        await query(
          `select u.email from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
             join users u on u.tenant_id = m.tenant_id and u.id = m.user_id where m.tenant_id = $1 and g.name = $2`,
          [desk.tenant.id, name],
        )
      ).map((row) => row.email),
  });
}
