import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "#server/app.ts";
import type { User } from "#server/features/users/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { exampleBody } from "#tests/support/example-body.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { pathOf } from "#tests/support/route-path.ts";
import { type Answer, type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
});
afterAll(() => installation?.close());

const temporary = "quiet river stone";
const chosen = "seven yellow bicycles";
let addresses = 0;
/** Every test knocks from an address of its own: the throttle counts by address. */
const browser = () => {
  addresses += 1;
  return visitor(installation, tenant.slug, { ip: `198.51.100.${addresses}` });
};

async function created(name: string, role = "member"): Promise<User> {
  const email = `${name}@northwind.example`;
  const person = { mode: "create", firstName: "Eva", lastName: "Berg", email, password: temporary, role };
  const answer = await tenant.owner.call<User>("POST", "/users", person);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** What somebody at the other end can tell answers apart by. */
const said = ({ status, body }: Answer) => {
  const { type, title, code, detail, fields } = body as Record<string, unknown>;
  return { status, type, title, code, detail, fields };
};

test("a temporary password lets its owner do nothing but change it", async () => {
  const { email } = await created("temporary", "administrator");
  const person = browser();
  expect(await person.signIn(email, temporary)).toMatchObject({
    status: 200,
    body: { mustChangePassword: true },
  });
  for (const { endpoint, permission, beforePasswordChange } of routes) {
    if (permission === "anyone" || beforePasswordChange) continue;
    const path = pathOf(endpoint.path);
    const answer = await person.call(endpoint.method as "GET", path, exampleBody(endpoint));
    expect(shortly(answer), `${endpoint.method} ${path}`).toBe("403 password.must_change");
  }
  expect(await person.call("GET", "/me")).toMatchObject({ status: 200, body: { mustChangePassword: true } });

  const change = { currentPassword: temporary, newPassword: chosen };
  expect(shortly(await person.call("POST", "/me/password", { ...change, newPassword: temporary }))).toBe(
    "422 password.unchanged",
  );
  expect(await person.call("POST", "/me/password", change)).toMatchObject({
    status: 200,
    body: { mustChangePassword: false },
  });
  expect((await person.call("GET", "/users")).status).toBe(200);
  expect((await browser().signIn(email, temporary)).status).toBe(401);
  expect(await browser().signIn(email, chosen)).toMatchObject({
    status: 200,
    body: { mustChangePassword: false },
  });
});

test("a temporary password that is too old is refused", async () => {
  const { id, email } = await created("too-late");
  await installation.database.query("update credentials set expires_at = now() where user_id = $1", [id]);
  expect((await browser().signIn(email, temporary)).status).toBe(401);
});

test("a password somebody chose does not expire", async () => {
  const { id, email } = await created("for-good");
  const person = browser();
  await person.signIn(email, temporary);
  await person.call("POST", "/me/password", { currentPassword: temporary, newPassword: chosen });
  const [row] = await installation.database.query(
    "select temporary, expires_at from credentials where user_id = $1",
    [id],
  );
  expect(row).toEqual({ temporary: false, expires_at: null });
  expect((await browser().signIn(email, chosen)).status).toBe(200);
});

test("whatever is wrong, the answer is the same: it tells nobody whether an address exists", async () => {
  const suspended = await created("suspended");
  const deleted = await created("deleted");
  const expired = await created("expired");
  await tenant.owner.call("POST", `/users/${suspended.id}/suspend`);
  await tenant.owner.call("DELETE", `/users/${deleted.id}`);
  await installation.database.query("update credentials set expires_at = now() where user_id = $1", [
    expired.id,
  ]);
  const invited = { mode: "invite", firstName: "E", lastName: "B", email: "invited@northwind.example" };
  await tenant.owner.call("POST", "/users", invited);
  const elsewhere = await testTenant(installation);
  const nowhere = visitor(installation, "no-such-tenant", { ip: "198.51.100.200" });
  const answers = {
    "a wrong password": await browser().signIn(tenant.owner.email, "not the password"),
    "an unknown address": await browser().signIn("nobody@northwind.example", temporary),
    "no address at all": await browser().signIn("nobody", temporary),
    "a suspended user": await browser().signIn(suspended.email, temporary),
    "a deleted user": await browser().signIn(deleted.email, temporary),
    "a password that expired": await browser().signIn(expired.email, temporary),
    "somebody invited": await browser().signIn(invited.email, temporary),
    "a user of another tenant": await browser().signIn(elsewhere.owner.email, testPassword),
    "an unknown tenant": await nowhere.signIn(tenant.owner.email, testPassword),
  };
  const first = said(answers["a wrong password"]);
  expect(first).toMatchObject({ status: 401, code: "sign_in.refused" });
  for (const [what, answer] of Object.entries(answers)) {
    expect(said(answer), what).toEqual(first);
    expect(answer.headers["set-cookie"], what).toBeUndefined();
  }
});

test("too many tries for one person are refused for a while, whether that person exists or not", async () => {
  const somebody = await tenant.person("member");
  for (const email of [somebody.email, "nobody-at-all@northwind.example"]) {
    for (let n = 0; n < 10; n += 1) {
      expect((await browser().signIn(n % 2 ? email : email.toUpperCase(), "wrong")).status, email).toBe(401);
    }
    const refused = await browser().signIn(email, testPassword);
    expect(shortly(refused)).toBe("429 throttled");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(15 * 60);
  }
  // Somebody else is not concerned, nor is the same address elsewhere.
  const other = await tenant.person("member");
  expect((await browser().signIn(other.email, testPassword)).status).toBe(200);
});

test("too many tries from one address are refused, whoever they are for", async () => {
  const crowd = visitor(installation, tenant.slug, { ip: "203.0.113.7" });
  const tries = Array.from({ length: 100 }, (_, n) => crowd.signIn(`guess${n}@northwind.example`, "wrong"));
  expect(new Set((await Promise.all(tries)).map(shortly))).toEqual(new Set(["401 sign_in.refused"]));
  const refused = await crowd.signIn("guess1000@northwind.example", "wrong");
  expect(shortly(refused)).toBe("429 throttled");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  const member = await tenant.person("member");
  expect((await crowd.signIn(member.email, testPassword)).status).toBe(429);
  expect((await browser().signIn(member.email, testPassword)).status).toBe(200);
});

test("signing in rightly again and again is not throttled", async () => {
  const { email } = await tenant.person("member");
  const person = browser();
  for (let n = 0; n < 12; n += 1) expect((await person.signIn(email, testPassword)).status).toBe(200);
});

test("the session of somebody suspended or deleted is none, also when they are let in again", async () => {
  const [suspended, deleted] = [await tenant.person("auditor"), await tenant.person("auditor")];
  expect((await suspended.call("GET", "/me")).status).toBe(200);
  await tenant.owner.call("POST", `/users/${suspended.id}/suspend`);
  await tenant.owner.call("DELETE", `/users/${deleted.id}`);
  for (const person of [suspended, deleted]) {
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await person.call("GET", "/users"))).toBe("401 session.required");
  }
  await tenant.owner.call("POST", `/users/${suspended.id}/reactivate`);
  expect((await suspended.call("GET", "/me")).status).toBe(401);
  expect((await browser().signIn(suspended.email, testPassword)).status).toBe(200);
});

test("a change of the password ends every other session, and the one it was made in gets a new cookie", async () => {
  const { email, cookie } = await tenant.person("auditor");
  const [here, there] = [browser(), browser()];
  for (const session of [here, there]) expect((await session.signIn(email, testPassword)).status).toBe(200);
  const before = here.cookie();
  const wrong = await here.call("POST", "/me/password", { currentPassword: "not it", newPassword: chosen });
  expect(shortly(wrong)).toBe("422 password.wrong");
  await here.call("POST", "/me/password", { currentPassword: testPassword, newPassword: chosen });
  expect(here.cookie()).not.toBe(before);
  expect((await here.call("GET", "/me")).status).toBe(200);
  expect((await there.call("GET", "/me")).status).toBe(401);
  for (const old of [cookie, before]) {
    const session = visitor(installation, tenant.slug, { cookie: old });
    expect((await session.call("GET", "/me")).status).toBe(401);
  }
});

test("signing out ends the session, not only the cookie", async () => {
  const { email } = await tenant.person("member");
  const person = browser();
  await person.signIn(email, testPassword);
  const kept = person.cookie();
  expect((await person.call("DELETE", "/session")).status).toBe(204);
  expect(person.cookie()).toBe("");
  expect((await visitor(installation, tenant.slug, { cookie: kept }).call("GET", "/me")).status).toBe(401);
});

test("the cookie is out of reach of scripts and other sites, and under https bound to this host", async () => {
  const signedIn = await browser().signIn((await tenant.person("member")).email, testPassword);
  const plain = String(signedIn.headers["set-cookie"]);
  expect(plain).toMatch(
    new RegExp(`^muster_${tenant.slug}=[\\w-]{20,}; Path=/; Expires=[^;]+; HttpOnly; SameSite=Strict$`),
  );

  const secure = await testInstallation({ PUBLIC_URL: "https://people.northwind.example" });
  try {
    const there = await testTenant(secure);
    const person = visitor(secure, there.slug);
    const cookie = String((await person.signIn(there.owner.email, testPassword)).headers["set-cookie"]);
    expect(cookie).toMatch(/^__Host-muster_[\w-]+=[\w-]{20,}; Path=\/; /);
    for (const flag of ["HttpOnly", "Secure", "SameSite=Strict"]) expect(cookie.split("; ")).toContain(flag);
    expect(cookie).not.toMatch(/domain=/i);
    expect((await person.call("GET", "/me")).status).toBe(200);
  } finally {
    await secure.close();
  }
});

test("a page of another site can change nothing, whatever it sends", async () => {
  const { cookie } = tenant.owner;
  const from = (headers: Record<string, string>) => visitor(installation, tenant.slug, { cookie, headers });
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site", origin: "http://localhost", host: "localhost" },
  ];
  for (const headers of foreign) {
    const answer = await from(headers).call("POST", "/groups", { name: "Foreign" });
    expect(shortly(answer), JSON.stringify(headers)).toBe("403 request.foreign_origin");
  }
  const groups = (await tenant.owner.call<{ items: unknown[] }>("GET", "/groups?search=Foreign")).body.items;
  expect(groups).toEqual([]);
  const own: Record<string, string>[] = [
    { "sec-fetch-site": "same-origin", origin: "http://muster.example", host: "muster.example" },
    { origin: "http://muster.example", host: "muster.example" },
    {},
  ];
  for (const [n, headers] of own.entries()) {
    expect((await from(headers).call("POST", "/groups", { name: `Own ${n}` })).status).toBe(201);
  }
  // Looking is not changing: a link from elsewhere may lead here.
  expect((await from({ "sec-fetch-site": "cross-site" }).call("GET", "/portal")).status).toBe(200);
});
