import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { openLog } from "./open-log.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("what the database says of an error is in the log, and not the row of the person it is about", async () => {
  const user = `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, status, created_at, updated_at)
    values (gen_random_uuid(), gen_random_uuid(), 'zeb.q@one.example', 'zeb.q@one.example', 'Zebulon', 'Quill', 'x', 'x', 'king', 'active', now(), now())`;
  const error = await database.query(user).catch((thrown: Error) => thrown);
  expect(String(Object.values(error))).toContain("zeb.q@one.example");
  let written = "";
  const log = openLog("info", { write: (line) => (written += line) });
  // As requests say it, and as the queue does.
  log.error({ err: error }, "request failed");
  log.error({ error, job: { id: "1" } }, "job failed");
  expect(written).toContain("users_role_check");
  expect(written).not.toMatch(/zeb|quill/i);
});
