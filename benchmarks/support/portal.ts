import { setTimeout as pause } from "node:timers/promises";
import type { Import } from "#server/features/imports/contract.ts";
import { embeddedMuster } from "#tests/support/embedded-muster.ts";
import { ownerPassword, type PortalClient, portalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { press, uploadFiles } from "#tests/support/run-import.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { peopleFile } from "./people-file.ts";

const slug = "bench";

export type Portal = { muster: MusterProcess; owner: PortalClient; postgres: string };

/** The real server, as a process of its own, with one tenant that has `people` already, whose emails are held. */
export async function withPortal<T>(people: number, work: (portal: Portal) => Promise<T>): Promise<T> {
  const muster = await embeddedMuster();
  try {
    const owner = await setUpTenant(muster, slug);
    const [version] = await muster.query<{ server_version: string }>("show server_version");
    const portal = { muster, owner, postgres: version?.server_version ?? "" };
    const importId = await upload(portal, peopleFile(people, { who: "colleague" }));
    await startImport(portal, importId, "hold");
    await importIn(portal, importId, "finished");
    await settle(portal);
    return await work(portal);
  } finally {
    await muster.stop();
  }
}

export const upload = ({ owner }: Portal, content: Iterable<Buffer>) =>
  uploadFiles(owner, [{ name: "people.csv", content: Buffer.concat([...content]) }]);

/** Waits until it is checked and presses Import CSV; groups that are missing are made. */
export async function startImport(portal: Portal, importId: string, mail: "now" | "hold" = "now") {
  await importIn(portal, importId, "checked");
  const choice = { createMissingGroups: true, mail: { when: mail } };
  await portal.owner.call("PATCH", `/imports/${importId}`, choice);
  const answer = await press(portal.owner, importId);
  if (answer.status !== 202) throw new Error(`Import CSV was refused: ${JSON.stringify(answer.body)}`);
}

/** Looks now and then: looking all the time would be work for the server. */
export async function importIn({ owner }: Portal, importId: string, state: Import["state"]) {
  for (;;) {
    const { body } = await owner.call<Import>("GET", `/imports/${importId}`);
    if (body.state === state) return;
    if (body.state === "failed" || body.state === "cancelled") throw new Error(`The import ${body.state}.`);
    await pause(500);
  }
}

/** All passwords hashed, all emails out, the tables' statistics fresh: the server has nothing to do any more. */
export async function settle({ muster }: Portal) {
  const left = async () => {
    const [row] = await muster.query<{ left: number }>(
      `select (select count(*) from credentials where password_hash is null and sealed_password is not null)::int
            + (select count(*) from messages where state in ('queued', 'deferred', 'sending'))::int as left`,
    );
    return row?.left;
  };
  while (await left()) await pause(500);
  await muster.query("vacuum analyze");
  await muster.query("checkpoint");
}

/** One page of the Users screen. */
export async function listUsers({ owner }: Portal) {
  const { status } = await owner.call("GET", "/users?limit=50");
  if (status !== 200) throw new Error(`The list of users answered ${status}.`);
}

/** Somebody else's browser, from the password typed to signed in. */
export async function signIn({ muster }: Portal) {
  const person = { email: `olga@${slug}.example`, password: ownerPassword };
  const { status } = await portalClient(muster.address, slug).call("POST", "/session", person);
  if (status !== 200) throw new Error(`Signing in answered ${status}.`);
}
