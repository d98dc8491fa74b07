import { z } from "zod";
import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { whichCanUndo } from "./can-undo.ts";
import type { BulkAction, BulkPerson, listBulkActionPeople, listBulkActions } from "./contract.ts";
import { type BulkRecord, groupNames, listActions, readAction, userNames } from "./store.ts";
import { listPeople } from "./store-people.ts";

export async function presentAction(ctx: Context, id: string): Promise<BulkAction> {
  const found = await readAction(ctx, id);
  const [shown] = found ? await presentActions(ctx, [found]) : [];
  if (!shown) throw notFound("bulk action");
  return shown;
}

async function presentActions(ctx: Context, records: readonly BulkRecord[]): Promise<BulkAction[]> {
  const people = await userNames(
    ctx,
    records.map(({ started_by }) => started_by),
  );
  const groups = await groupNames(
    ctx,
    records.flatMap(({ group_ids }) => group_ids),
  );
  const canUndo = await whichCanUndo(ctx, records);
  return records.map((found) => {
    const { changed = 0, unchanged = 0, refused = 0, undone = 0, kept = 0 } = found.counts;
    return {
      id: found.id,
      action: found.action,
      groups: found.group_ids.map((id) => ({ id, name: groups.get(id) ?? null })),
      state: found.state,
      people: found.people,
      ...{ changed, unchanged, refused, undone, kept },
      startedBy: { id: found.started_by, name: people.get(found.started_by) ?? null },
      startedAt: found.started_at.toISOString(),
      finishedAt: found.finished_at?.toISOString() ?? null,
      canUndo: canUndo.has(found.id),
      problem: found.problem,
    };
  });
}

const actionKeys = z.tuple([z.iso.datetime(), z.uuid()]);

export async function findBulkActions(
  ctx: Context,
  { cursor, limit, ...filter }: z.output<typeof listBulkActions.query>,
) {
  const before = cursor ? readCursor(cursor, actionKeys) : undefined;
  const found = await listActions(ctx, { ...filter, before, limit });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    items: await presentActions(ctx, page),
    nextCursor: last ? writeCursor(last.started_at.toISOString(), last.id) : null,
  };
}

const personKeys = z.tuple([z.uuid()]);

export async function findPeople(
  ctx: Context,
  id: string,
  { outcome, cursor, limit }: z.output<typeof listBulkActionPeople.query>,
) {
  if (!(await readAction(ctx, id))) throw notFound("bulk action");
  const after = cursor ? readCursor(cursor, personKeys)[0] : null;
  const found = await listPeople(ctx, { actionId: id, outcome, after, limit });
  const items = found.slice(0, limit).map(({ user_id, name, email, deleted, about, holder }) => {
    const reason = outcome === "refused" || outcome === "kept" ? (about as BulkPerson["reason"]) : null;
    return { userId: user_id, name, email, deleted, reason, holder };
  });
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? writeCursor(last.userId) : null };
}
