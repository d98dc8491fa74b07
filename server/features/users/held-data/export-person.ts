import { Readable } from "node:stream";
import type { Context, Door } from "#server/context.ts";
import { holds, mayManage, type Role, roleNames } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { personsHistory } from "../../audit/persons-history.ts";
import { record } from "../../audit/record.ts";
import { listLinks } from "../../credentials/links.ts";
import { readCredential } from "../../credentials/store.ts";
import { formerGroupsOf } from "../../groups/store-former.ts";
import { groupsOf } from "../../groups/store-memberships.ts";
import { messagesAbout } from "../../mail/messages-about.ts";
import { readSettings } from "../../tenants/settings.ts";
import { type AnyUserRow, readAnyUserRow } from "../store.ts";
import { allHeldData } from "./held-data.ts";
import { heldPeople } from "./held-people.ts";
import { historyInWords } from "./history-in-words.ts";

/**
 * Everything that is held about one person, deleted ones too, as JSON for them to read: one's own, or that of somebody whom
 * one may change. No secrets are among it, and nothing about anybody else. Their history is read page by page while it is
 * sent; of others it is the audit log, and for those who may read that.
 */
export async function exportPerson(
  door: Door,
  userId: string,
): Promise<{ fileName: string; content: Readable }> {
  const { person, sections, timeZone } = await door.run(async (ctx) => {
    const found = await sectionsOf(ctx, userId);
    await record(ctx, { action: "user.data_exported", target: { kind: "user", id: userId } });
    return { ...found, timeZone: (await readSettings(ctx)).timeZone };
  });
  const inWords = historyInWords({
    id: userId,
    name: `${person.first_name} ${person.last_name}`,
    timeZone,
  });
  const content = mayReadHistory(door, userId)
    ? jsonOf(sections, personsHistory(door, userId, inWords))
    : jsonOf({ ...sections, history: notTheirs });
  return { fileName: fileNameFor(person), content: Readable.from(content) };
}

const notTheirs =
  "Left out: your role does not read the audit log. Somebody whose role does can export it too.";

const mayReadHistory = ({ actor }: Door, userId: string) =>
  actor.kind !== "user" || actor.id === userId || holds(actor.role, "audit.read");

function requireTheirs({ actor }: Context, { id, role }: { id: string; role: Role }) {
  if (actor.kind !== "user" || actor.id === id || mayManage(actor.role, role)) return;
  throw new ProblemError(
    403,
    "user.not_yours_to_export",
    `What is held about somebody with the role ${roleNames[role]} is exported by those who may change them, and by themselves.`,
  );
}

type Sections = Record<string, unknown>;

async function sectionsOf(ctx: Context, userId: string): Promise<{ person: AnyUserRow; sections: Sections }> {
  const row = await readAnyUserRow(ctx, userId);
  const [person] = await heldPeople(ctx, [userId]);
  if (!row || !person) throw notFound("user");
  requireTheirs(ctx, row);
  const sections: Sections = {
    tenant: ctx.tenantSlug,
    exportedAt: ctx.now,
    person: personOf(row),
    groups: await groupNames(ctx, userId),
    password: await passwordOf(ctx, userId),
    links: await listLinks(ctx, userId),
    messages: await messagesAbout(ctx, userId),
  };
  for (const held of allHeldData()) sections[held.name] = await held.read(ctx, person);
  return { person: row, sections };
}

/** Whose it is, in letters that every computer takes: `everything-about-rene-muller.json`. */
function fileNameFor({ first_name: first, last_name: last }: AnyUserRow): string {
  const plain = `${first} ${last}`.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const name = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return name ? `everything-about-${name}.json` : "everything.json";
}

const personOf = (row: AnyUserRow) => ({
  id: row.id,
  firstName: row.first_name,
  lastName: row.last_name,
  email: row.email,
  role: row.role,
  language: row.language,
  status: row.deleted_at ? "deleted" : row.status,
  createdAt: row.created_at,
  lastSignInAt: row.last_sign_in_at,
  deletedAt: row.deleted_at,
  eraseAt: row.erase_at,
  emailCameBackAt: row.mail_failed_at,
  emailCameBackWith: row.mail_failed_reply,
});

async function groupNames(ctx: Context, userId: string) {
  const found = [await groupsOf(ctx, [userId]), await formerGroupsOf(ctx, [userId])];
  return found.flatMap((groups) => (groups.get(userId) ?? []).map(({ name }) => name));
}

/** That there is one, never what it is made of. */
async function passwordOf(ctx: Context, userId: string) {
  const credential = await readCredential(ctx, userId);
  return (
    credential && {
      set: credential.password_hash !== null,
      temporary: credential.temporary,
      expiresAt: credential.expires_at,
    }
  );
}

const indented = (text: string) => text.replace(/^/gm, "    ");

async function* jsonOf(sections: Sections, history?: AsyncGenerator<object[]>): AsyncGenerator<string> {
  if (!history) return yield `${JSON.stringify(sections, null, 2)}\n`;
  yield `${JSON.stringify(sections, null, 2).slice(0, -2)},\n  "history": [`;
  let between = "\n";
  for await (const events of history) {
    for (const event of events) {
      yield `${between}${indented(JSON.stringify(event, null, 2))}`;
      between = ",\n";
    }
  }
  yield "\n  ]\n}\n";
}
