import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { mayManage, type Role } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { addMembersByAddress as contract } from "../groups/contract.ts";
import { holdGroups, readGroup } from "../groups/store.ts";
import { membersAmong } from "../groups/store-memberships.ts";
import { changeMembers } from "./change-members.ts";
import { readAddresses } from "./read-addresses.ts";
import { findUsersByEmail } from "./store.ts";

const mostAddresses = 5_000;

type Added = z.input<typeof contract.output>;

/** Puts whoever has one of the pasted addresses into a group, and tells of every other address why nobody was added. */
export async function addMembersByAddress(ctx: Context, groupId: string, text: string): Promise<Added> {
  if (!(await holdGroups(ctx, [groupId])).has(groupId)) throw notFound("group");
  const { addresses, unreadable, pieces } = readAddresses(text, mostAddresses);
  if (pieces > mostAddresses) throw tooMany(pieces);
  const found = await findUsersByEmail(ctx, [...addresses.keys()]);
  const there = await membersAmong(
    ctx,
    groupId,
    found.map(({ id }) => id),
  );
  const newcomers = found.filter(({ id }) => !there.has(id));
  const add = newcomers.filter((user) => manageable(ctx, user));
  const known = new Set(found.map(({ email_key: key }) => key));
  const group =
    add.length > 0
      ? await changeMembers(ctx, groupId, { add: add.map(({ id }) => id), remove: [] })
      : await readGroup(ctx, groupId);
  return {
    group,
    added: add.map(({ email }) => email),
    already: found.filter(({ id }) => there.has(id)).map(({ email }) => email),
    notYours: newcomers.filter((user) => !manageable(ctx, user)).map(({ email }) => email),
    unknown: [...addresses].filter(([key]) => !known.has(key)).map(([, address]) => address),
    unreadable,
  };
}

const manageable = ({ actor }: Context, { id, role }: { id: string; role: Role }) =>
  actor.kind !== "user" || actor.id === id || mayManage(actor.role, role);

const figure = new Intl.NumberFormat("en");

const tooMany = (found: number) => {
  const detail = `These are ${figure.format(found)} addresses. At most ${figure.format(mostAddresses)} fit at once: add them in parts, or import them as a file. Nothing was changed.`;
  return new ProblemError(422, "group.too_many_addresses", detail, { fields: { text: detail } });
};
