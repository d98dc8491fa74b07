import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobs } from "#server/app.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

let muster: TestInstallation;
let tenant: TestTenant;
let other: TestTenant;

type Item = { id: string; recipient: string; subject: string; tenant: string };
type Page = { items: Item[]; nextCursor: string | null };
type Message = Item & { headers: string; text: string; html: string };

const job = (name: string) => jobs.find((each) => each.name === name);
const sendAll = (tenantId: string) => job("mail.deliver")?.run({ tenantId }, muster.services);

const addSomebody = (to: TestTenant, more: object) =>
  to.owner.call("POST", "/users", { firstName: "Zoë", lastName: "Größe-Łukasz", groupIds: [], ...more });

beforeAll(async () => {
  muster = await testInstallation({ PUBLIC_URL: "http://localhost:3000" });
  tenant = await testTenant(muster, "northwind");
  other = await testTenant(muster, "southwind");
  await addSomebody(tenant, {
    mode: "create",
    email: "zoe@northwind.example",
    password: "sandwich -- {{link}} & ü <b>",
  });
  await addSomebody(tenant, { mode: "invite", email: "ivo@northwind.example" });
  await addSomebody(other, { mode: "invite", email: "olga@southwind.example" });
  await Promise.all([sendAll(tenant.id), sendAll(other.id)]);
});
afterAll(() => muster.close());

/** The installation's mailbox, as somebody at a socket address with these headers sees it. */
const visit = async (path = "", headers: Record<string, string> = {}, remoteAddress = "127.0.0.1") => {
  const request = { method: "GET" as const, url: `/api/v1/mailbox${path}`, remoteAddress };
  const answer = await muster.http.inject({ ...request, headers: { host: "localhost:3000", ...headers } });
  return { status: answer.statusCode, page: answer.json() as Page & Message };
};

describe("the built-in mailbox", () => {
  it("keeps each message once, with all that is in it", async () => {
    const { page } = await visit("?search=zoe@");
    expect(page.items).toHaveLength(1);
    expect(page.items[0]).toMatchObject({ tenant: "northwind", recipient: "zoe@northwind.example" });
    const { page: message } = await visit(`/${page.items[0]?.id}`);
    expect(message.text).toContain("Temporary password:\nsandwich -- {{link}} & ü <b>\n");
    expect(message.text).toContain("Welcome, Zoë");
    expect(message.text).toContain("http://localhost:3000/t/northwind/\n");
    expect(message.html).toContain("sandwich -- {{link}} &amp; ü &lt;b&gt;");
    expect(message.html).toMatch(/^<!DOCTYPE html.*<\/html>\s*$/s);
    expect(message.headers).toMatch(/^To: =\?UTF-8\?/im);
    expect(message.headers).toContain(`Message-ID: <${message.id}.${tenant.id.slice(-12)}@localhost>`);
  });

  it("is sealed at rest", async () => {
    const rows = await muster.database.query<{ sealed_source: Buffer }>(
      "select sealed_source from mailbox_messages",
    );
    for (const row of rows) expect(row.sealed_source.toString("latin1")).not.toContain("Content-Type");
  });

  it("finds by part of a recipient or subject, taking % and _ for what they are", async () => {
    expect((await visit("?search=WIND.example")).page.items).toHaveLength(3);
    expect((await visit("?search=invites")).page.items).toHaveLength(2);
    expect((await visit("?search=%25")).page.items).toHaveLength(0);
    expect((await visit("?search=_")).page.items).toHaveLength(0);
  });

  it.each([
    ["another machine", {}, "10.0.0.7"],
    ["a proxy", { "x-forwarded-for": "127.0.0.1" }, "127.0.0.1"],
    ["a proxy that says so otherwise", { via: "1.1 proxy" }, "127.0.0.1"],
    ["a foreign name (DNS rebinding)", { host: "evil.example" }, "127.0.0.1"],
  ])("is not there for %s", async (_who, headers, address) => {
    const { page } = await visit();
    for (const path of ["", `/${page.items[0]?.id}`]) {
      expect(await visit(path, headers as Record<string, string>, address)).toMatchObject({ status: 404 });
    }
  });

  it("shows an owner the tenant's own messages from anywhere, and nobody else", async () => {
    const { body } = await tenant.owner.call<Page>("GET", "/mailbox");
    expect(body.items.map((item) => item.recipient).sort()).toEqual([
      "ivo@northwind.example",
      "zoe@northwind.example",
    ]);
    const foreign = await other.owner.call<Page>("GET", "/mailbox");
    expect(foreign.body.items.map((item) => item.recipient)).toEqual(["olga@southwind.example"]);
    expect((await tenant.owner.call("GET", `/mailbox/${foreign.body.items[0]?.id}`)).status).toBe(404);
    const administrator = await tenant.person("administrator");
    expect((await administrator.call("GET", "/mailbox")).status).toBe(403);
  });

  it("refuses a cursor that is none", async () => {
    const cursor = Buffer.from(JSON.stringify(["yesterday", "x"])).toString("base64url");
    expect((await visit(`?cursor=${cursor}`)).status).toBe(400);
    expect((await tenant.owner.call("GET", `/messages?cursor=${cursor}`)).status).toBe(400);
  });

  it("does not exist once a mail server is configured, and is emptied", async () => {
    const before = await muster.database.query("select 1 from mailbox_messages");
    expect(before.length).toBeGreaterThan(0);
    muster.instance.config.smtpUrl = "smtp://127.0.0.1:9";
    try {
      expect((await visit()).status).toBe(404);
      expect((await tenant.owner.call("GET", "/mailbox")).status).toBe(404);
      await job("mail.sweep")?.run({}, muster.services);
      expect(await muster.database.query("select 1 from mailbox_messages")).toHaveLength(0);
    } finally {
      muster.instance.config.smtpUrl = undefined;
    }
  });

  it("forgets a message after 30 days", async () => {
    await addSomebody(tenant, { mode: "invite", email: "old@northwind.example" });
    await addSomebody(tenant, { mode: "invite", email: "new@northwind.example" });
    await until(async () => {
      await sendAll(tenant.id);
      return (await visit()).page.items.length === 2;
    });
    await muster.database.query(
      "update mailbox_messages set received_at = now() - interval '31 days' where recipient like 'old%'",
    );
    await job("mail.sweep")?.run({}, muster.services);
    expect((await visit()).page.items.map((item) => item.recipient)).toEqual(["new@northwind.example"]);
  });
});
