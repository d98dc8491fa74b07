import { serve, serveSlowly } from "#server/route.ts";
import {
  addMembersByAddress as addMembersByAddressContract,
  changeMembers as changeMembersContract,
} from "../groups/contract.ts";
import { addMembersByAddress } from "./add-members-by-address.ts";
import { addUser } from "./add-user.ts";
import { changeMembers } from "./change-members.ts";
import * as contract from "./contract.ts";
import { deleteUser } from "./delete-user.ts";
import { exportUsers } from "./export-users.ts";
import { listUsers } from "./list-users.ts";
import { readUser } from "./present-users.ts";
import { reactivateUser } from "./reactivate-user.ts";
import { countUserRows } from "./store-counts.ts";
import { suspendUser } from "./suspend-user.ts";
import { updateUser } from "./update-user.ts";

export const userRoutes = [
  serve(contract.listUsers, { permission: "users.read", handle: (ctx, { query }) => listUsers(ctx, query) }),
  serve(contract.countUsers, {
    permission: "users.read",
    handle: (ctx, { query }) => countUserRows(ctx, query),
  }),
  serveSlowly(contract.exportUsers, {
    permission: "users.export",
    handle: async (door, { query }, http) => {
      http.download("users.csv");
      return (await exportUsers(door, query, "csv")).content;
    },
  }),
  serveSlowly(contract.exportUsersWorkbook, {
    permission: "users.export",
    handle: async (door, { query }, http) => {
      http.download("users.xlsx");
      return (await exportUsers(door, query, "xlsx")).content;
    },
  }),
  serve(contract.getUser, {
    permission: "users.read",
    handle: (ctx, { params }) => readUser(ctx, params.userId),
  }),
  serveSlowly(contract.addUser, {
    permission: "users.create",
    handle: (door, { body }) => addUser(door, body),
  }),
  serve(contract.updateUser, {
    permission: "users.update",
    handle: (ctx, { params, body }) => updateUser(ctx, params.userId, body),
  }),
  serve(contract.suspendUser, {
    permission: "users.update",
    handle: (ctx, { params }) => suspendUser(ctx, params.userId),
  }),
  serve(contract.reactivateUser, {
    permission: "users.update",
    handle: (ctx, { params }) => reactivateUser(ctx, params.userId),
  }),
  serve(contract.deleteUser, {
    permission: "users.delete",
    handle: (ctx, { params }) => deleteUser(ctx, params.userId),
  }),
  serve(changeMembersContract, {
    permission: "groups.update",
    handle: (ctx, { params, body }) => changeMembers(ctx, params.groupId, body),
  }),
  serve(addMembersByAddressContract, {
    permission: "groups.update",
    handle: (ctx, { params, body }) => addMembersByAddress(ctx, params.groupId, body.text),
  }),
];
