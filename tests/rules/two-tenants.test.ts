import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "#server/app.ts";
import { createGroup } from "#server/features/groups/create-group.ts";
import { checkImport } from "#server/features/imports/check-import.ts";
import { addUsers } from "#server/features/users/add-users.ts";
import { incomingPeople } from "#server/features/users/incoming-people.ts";
import { exampleBody } from "#tests/support/example-body.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { noIds } from "#tests/support/route-path.ts";
import { caller, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { uploadCsv } from "#tests/support/upload.ts";

/**
 * Walks every route of the product with two tenants that know each other's ids. What belongs to the one is called with the
 * other's session, at the other's address, and without any: never a word, never a change.
 */
let installation: TestInstallation;
let theirs: TestTenant;
let ours: TestTenant;
let ids: Record<string, string>;

/** Words that stand in their data only. */
const secretWords = ["Zanzibar", "Quetzalcoatl", "zanzibar.secret@"];

beforeAll(async () => {
  installation = await testInstallation();
  theirs = await testTenant(installation, "theirs");
  ours = await testTenant(installation, "ours");
  const group = await theirs.run((ctx) =>
    createGroup(ctx, { name: "Quetzalcoatl", description: "", active: true }),
  );
  const userId = uuid();
  await theirs.run((ctx) =>
    addUsers(
      ctx,
      incomingPeople([
        {
          id: userId,
          email: "zanzibar.secret@theirs.example",
          firstName: "Zanzibar",
          lastName: "Secret",
          role: "member",
          groupIds: [group.id],
          passwordHash: null,
          sealedPassword: null,
        },
      ]),
    ),
  );
  const importId = await uploadCsv(
    theirs.owner,
    "First name,Last name,Email\nZanzibar,Two,zanzibar.secret@two.example\n",
  );
  const door = await installation.services.door(theirs.id);
  if (door) await checkImport(door, importId, () => false);
  const wanted = { action: "suspend", selection: { ids: [userId] } };
  const plan = await theirs.owner.call<{ id: string; hash: string }>("POST", "/bulk-actions/preview", wanted);
  await theirs.owner.call("POST", "/bulk-actions", { ...wanted, id: plan.body.id, hash: plan.body.hash });
  const [message] = await installation.database.query<{ id: string }>(
    "select id from messages where tenant_id = $1",
    [theirs.id],
  );
  const mail = uuid();
  const sealed = installation.instance.secrets.seal(
    "Subject: Zanzibar\r\n\r\nZanzibar",
    `mailbox:${theirs.id}:${mail}`,
  );
  await installation.database.query(
    "insert into mailbox_messages values ($1, $2, 'zanzibar.secret@theirs.example', 'Zanzibar', $3, now())",
    [theirs.id, mail, sealed],
  );
  const passkeyId = uuid();
  await installation.database.query(
    `insert into passkeys (tenant_id, user_id, id, credential_id, public_key, sign_count, transports, name, created_at)
     values ($1, $2, $3, 'x', 'x', 0, '{}', 'Zanzibar', now())`,
    [theirs.id, theirs.owner.id, passkeyId],
  );
  ids = {
    passkeyId,
    groupId: group.id,
    userId,
    importId,
    bulkActionId: plan.body.id,
    id: mail,
    messageId: message?.id ?? "",
    ...noIds,
  };
});
afterAll(() => installation.close());

const tenantRoutes = routes.filter(({ endpoint }) => endpoint.path.startsWith("/t/:tenant"));

const pathOf = (path: string, slug: string) =>
  path.replace("/t/:tenant", `//t/${slug}`).replace(/:(\w+)/g, (_, name: string) => {
    const id = ids[name];
    if (!id) throw new Error(`Say in this test what :${name} of ${path} stands for.`);
    return id;
  });

/** A picture of everything the other tenant has. */
const pictureOf = async (tenantId: string) => {
  const tables = await installation.database.query<{ name: string }>(
    "select relname as name from pg_class c where relnamespace = 'muster'::regnamespace and relkind = 'r' and exists (select from pg_attribute a where a.attrelid = c.oid and attname = 'tenant_id')",
  );
  const picture: Record<string, unknown> = {};
  for (const { name } of tables) {
    // What a refused sign-in leaves behind in the tenant that was knocked at is its own business.
    if (["audit_events", "audit_personal", "audit_pending"].includes(name)) continue;
    picture[name] = await installation.database.query(
      `select t::text from ${name} t where tenant_id = $1 order by 1`,
      [tenantId],
    );
  }
  return picture;
};

describe.each(
  tenantRoutes.map((route) => [`${route.endpoint.method} ${route.endpoint.path}`, route] as const),
)("%s", (_name, route) => {
  const { endpoint } = route;
  const call = async (slug: string, cookie: string) =>
    caller(installation, "", cookie)(
      endpoint.method as "GET",
      pathOf(endpoint.path, slug),
      exampleBody(endpoint),
    );

  test("with the other tenant's session, at either address: nothing seen, nothing changed", async () => {
    const before = await pictureOf(theirs.id);
    for (const slug of ["ours", "theirs"]) {
      const answer = await call(slug, ours.owner.cookie);
      const said = JSON.stringify(answer.body ?? "") + JSON.stringify(answer.headers);
      for (const word of secretWords) expect(said).not.toContain(word);
      if (slug === "theirs" && route.permission !== "anyone") expect(answer.status).toBe(401);
    }
    // A session's cookie carries its tenant in its name: renamed to fit, it is still nobody's there.
    const renamed = await call("theirs", ours.owner.cookie.replace("muster_ours", "muster_theirs"));
    if (route.permission !== "anyone") expect(renamed.status).toBe(401);
    expect(await pictureOf(theirs.id)).toEqual(before);
  });

  test("their ids at our address answer as ids that nobody has", async () => {
    if (!/:(groupId|userId|importId|messageId|bulkActionId|passkeyId|id)\b/.test(endpoint.path)) return;
    const known = await call("ours", ours.owner.cookie);
    const nobodys = ids;
    ids = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, name in noIds ? id : uuid()]));
    const unknown = await call("ours", ours.owner.cookie);
    ids = nobodys;
    expect({ status: known.status, code: (known.body as { code?: string })?.code }).toEqual({
      status: unknown.status,
      code: (unknown.body as { code?: string })?.code,
    });
    expect(known.status).toBeGreaterThanOrEqual(400);
  });

  test("a wrong credential and an unknown tenant answer alike", async () => {
    if (endpoint.path.endsWith("/portal")) return;
    const [there, nowhere] = [await call("theirs", ""), await call("nowhere", "")];
    const shape = ({ status, body }: typeof there) => ({ status, code: (body as { code?: string })?.code });
    expect(shape(there)).toEqual(shape(nowhere));
  });
});

test("an instance route says nothing of a tenant to a visitor from elsewhere", async () => {
  for (const { endpoint } of routes.filter((route) => !route.endpoint.path.startsWith("/t/"))) {
    const response = await installation.http.inject({
      method: endpoint.method as "GET",
      url: `/api/v1${endpoint.path.replace(":id", ids.id as string)}`,
      remoteAddress: "203.0.113.9",
      ...(endpoint.method !== "GET" && { payload: exampleBody(endpoint) as object }),
    });
    if (endpoint.path !== "/start") expect(response.statusCode, endpoint.path).toBeGreaterThanOrEqual(400);
    for (const word of secretWords) expect(response.body).not.toContain(word);
  }
});
