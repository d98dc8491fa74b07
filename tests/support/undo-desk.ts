import { beforeEach, expect } from "vitest";
import type { Import, UndoPlan } from "#server/features/imports/contract.ts";
import { importsByHand } from "./imports-by-hand.ts";
import { peopleStates } from "./state-of-people.ts";

export const header = "First name,Last name,Email,Groups\n";
/** Anna and Bela of the Staff. */
export const people = `${header}Anna,Berg,anna@northwind.example,Staff\nBela,Cruz,bela@northwind.example,Staff\n`;

type Person = { id: string; version: number };

/** Imports that are carried out and undone step by step; each test has a tenant of its own. */
export function undoDesk() {
  const desk = importsByHand({});
  beforeEach(() => desk.newTenant());

  const call = <Body = unknown>(method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
    desk.tenant.owner.call<Body>(method, path, body);
  const planOf = async (id: string) => (await call<UndoPlan>("GET", `/imports/${id}/undo`)).body;
  const pressUndo = async (id: string) => {
    const { hash } = await planOf(id);
    expect((await call("POST", `/imports/${id}/undo`, { planHash: hash })).status).toBe(202);
  };
  const personOf = async (email: string): Promise<Person> => {
    const [found] = await desk.query(
      "select id, version from users where tenant_id = $1 and email_key = $2 and deleted_at is null",
      [desk.tenant.id, email],
    );
    return found as Person;
  };
  return Object.assign(desk, {
    call,
    planOf,
    pressUndo,
    undone: async (id: string) => {
      await pressUndo(id);
      await desk.job("imports.apply");
      return desk.see(id);
    },
    imported: async (content: string, choice: object = {}) => {
      const { id } = await desk.checked(content);
      const usual = { createMissingGroups: true, mail: { when: "hold" } };
      await call<Import>("PATCH", `/imports/${id}`, { ...usual, ...choice });
      const finished = await desk.applied(id);
      expect(finished.state).toBe("finished");
      return finished;
    },
    erase: async (email: string) => {
      const { id } = await personOf(email);
      await desk.tenant.owner.call("DELETE", `/users/${id}`);
      expect((await call("POST", `/users/${id}/erase`, { email })).status).toBeLessThan(300);
    },
    everybody: () => peopleStates(desk.installation.database, desk.tenant.id),
    personOf,
  });
}
