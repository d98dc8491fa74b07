import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { caller, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { Portal } from "./contract.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
});
afterAll(() => installation.close());

const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(64, 7)]);
const upload = (content: string | Buffer, name = "logo.png") =>
  tenant.owner.upload<{ logo: string; code: string }>("/logo", [{ name, content }]);
const get = (headers: Record<string, string> = {}) =>
  installation.http.inject({ method: "GET", url: `/api/v1/t/${tenant.slug}/logo`, headers });
const portal = async () =>
  (await caller(installation, `/t/${tenant.slug}`)<Portal>("GET", "/portal")).body.logo;

test("a logo is for anyone to see, as a picture and nothing else, and asked for again only when it is another", async () => {
  expect((await get()).statusCode).toBe(404);
  const { status, body } = await upload(png);
  expect(status).toBe(200);
  expect(await portal()).toBe(body.logo);
  const shown = await get();
  expect(shown.rawPayload).toEqual(png);
  expect(shown.headers).toMatchObject({
    "content-type": "image/png",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "public, no-cache",
  });
  const again = await get({ "if-none-match": String(shown.headers.etag) });
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  await upload(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(9)]), "logo.png");
  const other = await get({ "if-none-match": String(shown.headers.etag) });
  expect([other.statusCode, other.headers["content-type"]]).toEqual([200, "image/jpeg"]);
});

test.each([
  ["an SVG that calls itself PNG", "<svg onload='alert(1)'/>", 422, "logo.not_a_picture"],
  ["nothing", "", 422, "logo.not_a_picture"],
  ["a picture of more than 256 KiB", Buffer.concat([png, Buffer.alloc(256 * 1024)]), 413, "logo.too_large"],
])("%s is refused", async (_what, content, status, code) => {
  const before = await portal();
  expect(await upload(content)).toMatchObject({ status, body: { code } });
  expect(await portal()).toBe(before);
});

test("of exactly 256 KiB it is taken; removed it is gone, and both are recorded", async () => {
  expect((await upload(Buffer.concat([png, Buffer.alloc(256 * 1024 - png.length)]))).status).toBe(200);
  expect((await tenant.owner.call("DELETE", "/logo")).status).toBe(204);
  expect((await get()).statusCode).toBe(404);
  expect(await portal()).toBeNull();
  expect((await tenant.owner.call("DELETE", "/logo")).status).toBe(204);
  const events = await installation.database.query<{ action: string }>(
    "select action from audit_events where tenant_id = $1 and action like 'tenant.logo%' order by at desc limit 2",
    [tenant.id],
  );
  expect(events.map((event) => event.action)).toEqual(["tenant.logo_removed", "tenant.logo_changed"]);
});

test("only owners and administrators change it", async () => {
  const auditor = await tenant.person("auditor");
  expect((await auditor.upload("/logo", [{ name: "logo.png", content: png }])).status).toBe(403);
  expect((await auditor.call("DELETE", "/logo")).status).toBe(403);
});
