import { expect, test } from "vitest";
import { previewBulk, type Wanted } from "#tests/support/bulk-action.ts";
import { bulkDesk } from "#tests/support/bulk-desk.ts";

const { installation, tenant, invite, done, undo } = bulkDesk();

test("undoing a suspension lets in again, and holds back the emails that were held back before", async () => {
  const people = await invite(2);
  const [held = "", sent = ""] = people;
  const query = (text: string) => installation.database.query(text, [tenant.id, people]);
  await query("update messages set state = 'held' where tenant_id = $1 and user_id = any($2)");
  await query(
    `update messages set state = 'accepted', finished_at = now() where tenant_id = $1 and user_id = ($2::uuid[])[2]`,
  );
  const action = await done({ action: "suspend", selection: { ids: people } });
  expect(await undo(action.id)).toMatchObject({ undone: 2 });
  expect(
    await query(
      "select user_id, state from messages where tenant_id = $1 and user_id = any($2) and state <> 'withdrawn' order by state",
    ),
  ).toEqual([
    { user_id: sent, state: "accepted" },
    { user_id: held, state: "held" },
  ]);
});

test("says to how many a first email goes by it, and has that confirmed where it is to many", async () => {
  const people = await invite(4);
  const [met = "", ...others] = people;
  await installation.database.query(
    "update messages set state = 'accepted', finished_at = now() where tenant_id = $1 and user_id = $2",
    [tenant.id, met],
  );
  await done({ action: "suspend", selection: { ids: people } });
  const safety = { changedPercent: 100, emails: 2, newGroups: 5, version: 0 };
  expect((await tenant.owner.call("PUT", "/import-safety", safety)).status).toBe(200);
  const wanted = (ids: string[]): Wanted => ({ action: "reactivate", selection: { ids } });
  const looked = async (ids: string[]) => (await previewBulk(tenant.owner, wanted(ids))).body;
  expect(await looked([met])).toMatchObject({ changed: 1, emails: 0, seatBelt: null });
  expect(await looked(others.slice(1))).toMatchObject({ changed: 2, emails: 2, seatBelt: null });
  const { id, hash, emails, seatBelt } = await looked(people);
  expect({ emails, seatBelt }).toEqual({
    emails: 3,
    seatBelt: { reasons: ["3 emails are sent, more than 2."], phrase: tenant.slug },
  });
  const started = await tenant.owner.call("POST", "/bulk-actions", { ...wanted(people), id, hash });
  expect(started).toMatchObject({ status: 409, body: { code: "bulk_action.confirmation_needed" } });
  await done(wanted(people));
  const written = await installation.database.query<{ user_id: string }>(
    "select user_id from messages where tenant_id = $1 and state = 'queued' order by user_id",
    [tenant.id],
  );
  expect(written.map(({ user_id }) => user_id)).toEqual([...others].sort());
});
