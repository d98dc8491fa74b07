import { Readable } from "node:stream";
import type { Context, Door } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { personsHistory } from "../../audit/persons-history.ts";
import { record } from "../../audit/record.ts";
import { listLinks } from "../../credentials/links.ts";
import { readCredential } from "../../credentials/store.ts";
import { groupsOf } from "../../groups/store.ts";
import { formerGroupsOf } from "../../groups/store-former.ts";
import { messagesAbout } from "../../mail/messages-about.ts";
import { readAnyUserRow } from "../store.ts";
import { allHeldData } from "./held-data.ts";
import { heldPeople } from "./held-people.ts";

/**
 * Everything that is held about one person, deleted ones too, as JSON for them to read. No secrets are among it, and nothing
 * about anybody else. Their history is read page by page while it is sent.
 */
export async function exportPerson(door: Door, userId: string): Promise<Readable> {
  const sections = await door.run(async (ctx) => {
    const found = await sectionsOf(ctx, userId);
    await record(ctx, { action: "user.data_exported", target: { kind: "user", id: userId } });
    return found;
  });
  return Readable.from(jsonOf(sections, personsHistory(door, userId)));
}

type Sections = Record<string, unknown>;

async function sectionsOf(ctx: Context, userId: string): Promise<Sections> {
  const [person] = await heldPeople(ctx, [userId]);
  if (!person) throw notFound("user");
  const sections: Sections = {
    tenant: ctx.tenantSlug,
    exportedAt: ctx.now,
    person: await personOf(ctx, userId),
    groups: await groupNames(ctx, userId),
    password: await passwordOf(ctx, userId),
    links: await listLinks(ctx, userId),
    messages: await messagesAbout(ctx, userId),
  };
  for (const held of allHeldData()) sections[held.name] = await held.read(ctx, person);
  return sections;
}

async function personOf(ctx: Context, userId: string) {
  const row = await readAnyUserRow(ctx, userId);
  return (
    row && {
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
    }
  );
}

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

async function* jsonOf(sections: Sections, history: AsyncGenerator<object[]>): AsyncGenerator<string> {
  yield `${JSON.stringify(sections, null, 2).slice(0, -2)},\n  "history": [`;
  let between = "\n";
  for await (const events of history) {
    for (const event of events) {
      yield `${between}    ${JSON.stringify(event)}`;
      between = ",\n";
    }
  }
  yield "\n  ]\n}\n";
}
