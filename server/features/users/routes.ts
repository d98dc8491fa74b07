import type { Door } from "#server/context.ts";
import { type Http, serve, serveSlowly } from "#server/route.ts";
import {
  addMembersByAddress as addMembersByAddressContract,
  changeMembers as changeMembersContract,
} from "../groups/contract.ts";
import { addMembersByAddress } from "./add-members-by-address.ts";
import { addUser } from "./add-user.ts";
import { changeMembers } from "./change-members.ts";
import * as contract from "./contract.ts";
import { deleteUser } from "./delete-user.ts";
import { eraseNow } from "./deletion/erase-now.ts";
import { countDeleted, listDeleted } from "./deletion/list-deleted.ts";
import { restoreUser } from "./deletion/restore-user.ts";
import { type ExportFormat, exportUsers } from "./export-users.ts";
import { exportPerson } from "./held-data/export-person.ts";
import { listUsers } from "./list-users.ts";
import { readUser } from "./present-users.ts";
import { reactivateUser } from "./reactivate-user.ts";
import { countUserRows } from "./store-counts.ts";
import type { UserSelection } from "./store-selection.ts";
import { suspendUser } from "./suspend-user.ts";
import { transferOwnership } from "./transfer-ownership.ts";
import { updateUser } from "./update-user.ts";

const download = (format: ExportFormat) => async (door: Door, whom: UserSelection, http: Http) => {
  http.download(`users.${format}`);
  return (await exportUsers(door, whom, format)).content;
};
const [downloadCsv, downloadWorkbook] = [download("csv"), download("xlsx")];

async function downloadPerson(door: Door, userId: string, http: Http) {
  const { fileName, content } = await exportPerson(door, userId);
  http.download(fileName);
  return content;
}

export const userRoutes = [
  serve(contract.listUsers, { permission: "users.read", handle: (ctx, { query }) => listUsers(ctx, query) }),
  serve(contract.countUsers, {
    permission: "users.read",
    handle: (ctx, { query }) => countUserRows(ctx, query),
  }),
  serveSlowly(contract.exportUsers, {
    permission: "users.export",
    handle: (door, { query }, http) => downloadCsv(door, { filter: query, excluded: [] }, http),
  }),
  serveSlowly(contract.exportUsersWorkbook, {
    permission: "users.export",
    handle: (door, { query }, http) => downloadWorkbook(door, { filter: query, excluded: [] }, http),
  }),
  serveSlowly(contract.exportSelectedUsers, {
    permission: "users.export",
    handle: (door, { body }, http) => downloadCsv(door, body.selection, http),
  }),
  serveSlowly(contract.exportSelectedUsersWorkbook, {
    permission: "users.export",
    handle: (door, { body }, http) => downloadWorkbook(door, body.selection, http),
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
  serve(contract.listDeletedUsers, {
    permission: "users.read",
    handle: (ctx, { query }) => listDeleted(ctx, query),
  }),
  serve(contract.countDeletedUsers, {
    permission: "users.read",
    handle: (ctx, { query }) => countDeleted(ctx, query),
  }),
  serve(contract.restoreUser, {
    permission: "users.create",
    handle: (ctx, { params }) => restoreUser(ctx, params.userId),
  }),
  serve(contract.eraseUser, {
    permission: "users.erase",
    handle: (ctx, { params, body }) => eraseNow(ctx, params.userId, body),
  }),
  serve(contract.transferOwnership, {
    permission: "ownership.transfer",
    handle: (ctx, { params, body }) => transferOwnership(ctx, params.userId, body),
  }),
  serveSlowly(contract.exportPerson, {
    permission: "users.export",
    handle: (door, { params }, http) => downloadPerson(door, params.userId, http),
  }),
  serveSlowly(contract.exportOwn, {
    permission: "signed_in",
    handle: (door, _input, http) => {
      if (door.actor.kind !== "user") throw new Error("Nobody is signed in.");
      return downloadPerson(door, door.actor.id, http);
    },
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
