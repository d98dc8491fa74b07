import type { Context } from "#server/context.ts";
import { groupNameKey } from "../../groups/group-name.ts";
import type { RowRecord } from "../store-rows.ts";
import { findUnknownGroups } from "./store-plan.ts";

/** Groups that there are none of, by the keys of their names, and which one each comes nearest to. */
type Missing = ReadonlyMap<string, string | null>;

/** A row whose address is wrong and whose group there is none of has two problems: both are said at once. */
const isHeldBack = ({ outcome }: RowRecord) => outcome === "unknown_group" || outcome === "problem";

export async function findMissingGroups(
  ctx: Context,
  importId: string,
  rows: readonly RowRecord[],
): Promise<Missing> {
  const named = rows.filter(isHeldBack).flatMap(({ groups }) => groups.map(groupNameKey));
  if (named.length === 0) return new Map();
  const unknown = await findUnknownGroups(ctx, importId, [...new Set(named)]);
  return new Map(unknown.map((group) => [group.name_key, group.nearest]));
}

/** Each group of a row that there is none of, and which one may have been meant. */
export function missingGroups(row: RowRecord, missing: Missing) {
  if (!isHeldBack(row)) return [];
  return row.groups.flatMap((name) => {
    const near = missing.get(groupNameKey(name));
    if (near === undefined) return [];
    const message = `There is no group \`${name}\`.${near === null ? "" : ` Did you mean \`${near}\`?`}`;
    return [{ code: "unknown_group", read: name, message }];
  });
}
