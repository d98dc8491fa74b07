import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { storePassword } from "../credentials/store.ts";
import { incomingPeople } from "./incoming-people.ts";
import { insertUsers, writeStatus } from "./store.ts";

type Owner = { email: string; firstName: string; lastName: string; passwordHash: string };

/** The first owner of a new tenant, at set-up: they typed the password themselves, so there is nothing to mail. */
export async function addOwner(ctx: Context, { passwordHash, ...person }: Owner): Promise<string> {
  const id = uuid();
  const owner = {
    ...person,
    id,
    role: "owner",
    groupIds: [],
    passwordHash: null,
    sealedPassword: null,
  } as const;
  await insertUsers(ctx, incomingPeople([owner]).people);
  await storePassword(ctx, id, passwordHash);
  await writeStatus(ctx, id, "active");
  return id;
}
