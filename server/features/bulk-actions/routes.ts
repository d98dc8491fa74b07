import { serve } from "#server/route.ts";
import * as contract from "./contract.ts";
import { cancelBulkAction, startBulkAction, undoBulkAction } from "./decide-bulk-action.ts";
import { planBulkAction } from "./plan.ts";
import { planRestoring } from "./plan-restoring.ts";
import { findBulkActions, findPeople, presentAction } from "./present-bulk-action.ts";

/** Each action needs the permission that it needs for one user too: `permission.ts`. */
export const bulkActionRoutes = [
  serve(contract.previewBulkAction, {
    permission: "users.update",
    handle: (ctx, { body }) => planBulkAction(ctx, body),
  }),
  serve(contract.startBulkAction, {
    permission: "users.update",
    handle: (ctx, { body }) => startBulkAction(ctx, body),
  }),
  serve(contract.listBulkActions, {
    permission: "users.read",
    handle: (ctx, { query }) => findBulkActions(ctx, query),
  }),
  serve(contract.getBulkAction, {
    permission: "users.read",
    handle: (ctx, { params }) => presentAction(ctx, params.bulkActionId),
  }),
  serve(contract.listBulkActionPeople, {
    permission: "users.read",
    handle: (ctx, { params, query }) => findPeople(ctx, params.bulkActionId, query),
  }),
  serve(contract.cancelBulkAction, {
    permission: "users.update",
    handle: (ctx, { params }) => cancelBulkAction(ctx, params.bulkActionId),
  }),
  serve(contract.previewRestoring, {
    permission: "users.update",
    handle: (ctx, { params }) => planRestoring(ctx, params.bulkActionId),
  }),
  serve(contract.undoBulkAction, {
    permission: "users.update",
    handle: (ctx, { params }) => undoBulkAction(ctx, params.bulkActionId),
  }),
];
