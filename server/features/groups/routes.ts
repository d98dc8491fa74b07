import { z } from "zod";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { serve } from "#server/route.ts";
import * as contract from "./contract.ts";
import { createGroup } from "./create-group.ts";
import { deleteGroup } from "./delete-group.ts";
import { groupNameKey } from "./group-name.ts";
import { listGroups, readGroup } from "./store.ts";
import { updateGroup } from "./update-group.ts";

const keys = z.tuple([z.string(), z.string()]);
const first: z.output<typeof keys> = ["", ""];

export const groupRoutes = [
  serve(contract.listGroups, {
    permission: "groups.read",
    handle: async (ctx, { query }) => {
      const after = query.cursor ? readCursor(query.cursor, keys) : first;
      const page = {
        search: groupNameKey(query.search ?? ""),
        after,
        limit: query.limit,
      };
      const found = await listGroups(ctx, page);
      const items = found.slice(0, query.limit);
      const last = found.length > query.limit ? items.at(-1) : undefined;
      return {
        items: items.map((item) => item.group),
        nextCursor: last ? writeCursor(...last.place) : null,
      };
    },
  }),
  serve(contract.getGroup, {
    permission: "groups.read",
    handle: (ctx, { params }) => readGroup(ctx, params.groupId),
  }),
  serve(contract.createGroup, {
    permission: "groups.create",
    handle: (ctx, { body }) => createGroup(ctx, body),
  }),
  serve(contract.updateGroup, {
    permission: "groups.update",
    handle: (ctx, { params, body }) => updateGroup(ctx, params.groupId, body),
  }),
  serve(contract.deleteGroup, {
    permission: "groups.delete",
    handle: (ctx, { params, query }) => deleteGroup(ctx, params.groupId, query.members),
  }),
];
