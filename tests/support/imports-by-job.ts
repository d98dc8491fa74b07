import { beforeAll, expect } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { applyImport, checkFiles, fileOf } from "./run-import.ts";
import { tenantForEach } from "./tenant-for-each.ts";

type Listed = { items: { id: string; firstName: string; lastName: string; groups: { name: string }[] }[] };

/** Three people, two of them in groups. */
export const first =
  "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,Staff\nBela,Cruz,bela@northwind.example,Staff; Sales\nCara,Diaz,cara@northwind.example,\n";

/** Imports of a test file, carried out by the jobs as in life; each test has a tenant of its own. */
export function importsByJob() {
  const here = tenantForEach();
  const { installation, tenant, owner } = here;
  beforeAll(() => installation.startJobs());
  const person = async (email: string) =>
    (await owner.call<Listed>("GET", `/users?search=${email}`)).body.items[0];
  return {
    ...here,
    person,
    /** First name, last name and groups. */
    describePerson: async (email: string) => {
      const found = await person(email);
      return found && [found.firstName, found.lastName, found.groups.map((group) => group.name).sort()];
    },
    makeGroup: async (name: string, active = true) =>
      (await owner.call<{ id: string }>("POST", "/groups", { name, active })).body.id,
    choose: async (id: string, choice: object) => {
      const answer = await owner.call<Import>("PATCH", `/imports/${id}`, choice);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    audit: (action: string) =>
      installation.database.query("select from audit_events where tenant_id = $1 and action = $2", [
        tenant.id,
        action,
      ]),
    imported: async (content = first) => {
      const { id } = await checkFiles(owner, fileOf(content));
      return applyImport(owner, id);
    },
  };
}
