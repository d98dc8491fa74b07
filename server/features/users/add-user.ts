import { v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { mayManage, roleNames } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { changesFromNothing } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import { hashPassword } from "../credentials/hash-password.ts";
import { checkPassword } from "../credentials/password-rules.ts";
import { sealPassword } from "../credentials/sealed-password.ts";
import { holdGroups, unknownGroup } from "../groups/store.ts";
import { readSettings } from "../tenants/settings.ts";
import { addUsers } from "./add-users.ts";
import type { newUser } from "./contract.ts";
import { incomingPeople } from "./incoming-people.ts";
import { actingNow } from "./lock-user.ts";
import { readUser } from "./present-users.ts";

type NewUser = z.output<typeof newUser>;

/** One person by the form: created with a temporary password, or invited. Hashes before its transaction. */
export async function addUser(door: Door, input: NewUser) {
  const id = uuid();
  await refuseShort(door, input);
  const password = await passwordOf(door, id, input);
  return door.run(async (asked) => {
    const ctx = input.role === "member" ? asked : await actingNow(asked);
    requireGrantable(ctx, input.role);
    const held = await holdGroups(ctx, input.groupIds);
    if (input.groupIds.some((groupId) => !held.has(groupId))) throw unknownGroup();
    const { mode, ...person } = input;
    const added = await addUsers(ctx, incomingPeople([{ ...person, ...password, id }]));
    if (added.left.length > 0) throw emailTaken(input.email);
    const action = mode === "create" ? "user.created" : "user.invited";
    const made = await readUser(ctx, id);
    const { firstName, lastName, email, role, language } = made;
    const groups = made.groups.map((group) => group.name);
    const chosen = language ? { language } : {};
    const changes = changesFromNothing({ firstName, lastName, email, role, ...chosen, groups });
    await record(ctx, { action, target: { kind: "user", id }, changes });
    return made;
  });
}

/** Before anything is hashed. The contract has checked everything else about it. */
async function refuseShort(door: Door, input: NewUser) {
  if (input.mode === "invite") return;
  const { passwordMinimum } = await door.run(readSettings);
  const problem = checkPassword(input.password, input, passwordMinimum);
  if (problem) throw new ProblemError(422, "password.refused", problem, { fields: { password: problem } });
}

async function passwordOf({ tenantId, instance }: Door, userId: string, input: NewUser) {
  if (input.mode === "invite") return { passwordHash: null, sealedPassword: null };
  return {
    passwordHash: await hashPassword(input.password),
    sealedPassword: sealPassword(instance.secrets, { tenantId, userId }, input.password),
  };
}

/** Nobody grants more than they hold. Jobs and the operator's commands may grant any role. */
export function requireGrantable({ actor }: Pick<Context, "actor">, role: NewUser["role"]) {
  if (actor.kind !== "user" || mayManage(actor.role, role)) return;
  const detail = `You cannot give the role ${roleNames[role]}: it may do more than you may.`;
  throw new ProblemError(403, "user.role_not_yours_to_give", detail, { fields: { role: detail } });
}

export const emailTaken = (email: string) => {
  const detail = `${email} is already a user here. Search for the address to find them.`;
  return new ProblemError(409, "user.email_taken", detail, { fields: { email: detail } });
};
