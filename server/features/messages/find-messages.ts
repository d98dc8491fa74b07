import { z } from "zod";
import type { Context } from "#server/context.ts";
import { type Role, roles } from "#server/permissions.ts";
import { notFound } from "#server/platform/errors.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { isMustersOwn, kindNamed } from "../mail/kinds.ts";
import {
  countMessages,
  type ListedMessage,
  listMessages,
  type MessageFilter,
  messageStates,
  readMessage,
} from "../mail/store-list.ts";
import { findUserIds } from "../users/store-search.ts";
import type { listMessages as contract, Message, messageFilter } from "./contract.ts";

type Filter = z.output<typeof messageFilter>;

/** More people than anybody looks through; the search is then too short to be of use. */
const searchedPeople = 5_000;
const countedAtMost = 10_000;

export async function findMessages(
  ctx: Context,
  { state, cursor, limit, ...filter }: z.output<typeof contract.query>,
) {
  const after = cursor ? readCursor(cursor, z.tuple([z.uuid()]))[0] : null;
  const found = await listMessages(ctx.tx, ctx.tenantId, {
    filter: await readFilter(ctx, filter),
    page: { state, after, limit: limit + 1 },
  });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { items: rows.map(presentMessage), nextCursor: last ? writeCursor(last.id) : null };
}

export async function countByState(ctx: Context, filter: Filter) {
  const counted = await countMessages(ctx.tx, ctx.tenantId, {
    filter: await readFilter(ctx, filter),
    atMost: countedAtMost,
  });
  const states = Object.fromEntries(messageStates.map((state) => [state, counted.get(state) ?? 0]));
  return { states: states as Record<Message["state"], number>, atMost: countedAtMost };
}

/** What was asked for, with the people who are searched for in place of their names. */
export async function readFilter(
  ctx: Context,
  { search, userId, from, before, ...rest }: Filter,
): Promise<MessageFilter> {
  const sought = search?.trim();
  const userIds = sought ? await findUserIds(ctx, sought, searchedPeople) : undefined;
  return {
    ...rest,
    userIds: userId ? (userIds ?? [userId]).filter((id) => id === userId) : userIds,
    from: from === undefined ? undefined : new Date(from),
    before: before === undefined ? undefined : new Date(before),
  };
}

export async function requireMessage({ tx, tenantId }: Context, messageId: string): Promise<ListedMessage> {
  const found = await readMessage(tx, tenantId, messageId);
  if (!found) throw notFound("message");
  return found;
}

const unsent: ReadonlySet<Message["state"]> = new Set(["held", "scheduled", "queued", "deferred"]);
export const isUnsent = ({ state }: Pick<ListedMessage, "state">) => unsent.has(state);
export const isFinished = (message: Pick<ListedMessage, "state">) =>
  !isUnsent(message) && message.state !== "sending";

export const presentMessage = (row: ListedMessage): Message => ({
  id: row.id,
  userId: row.user_id,
  person: row.email === null ? null : { name: `${row.first_name} ${row.last_name}`, email: row.email },
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  recipient: row.recipient,
  lastReply: row.last_reply,
  createdAt: row.created_at.toISOString(),
  dueAt: row.due_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
  canResend: row.email !== null && isFinished(row) && !isMustersOwn(kindNamed(row.kind)),
  canWithdraw: isUnsent(row) && !isMustersOwn(kindNamed(row.kind)),
});

export const isRole = (role: string): role is Role => (roles as readonly string[]).includes(role);
