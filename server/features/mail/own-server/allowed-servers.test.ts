import { expect, test } from "vitest";
import { ownMailServer } from "#tests/support/own-mail-server.ts";

/** Which mail servers a tenant may choose. */
const { installation, tenant, server, put } = ownMailServer();

const cases: [string, object][] = [
  ["server.host", { host: "127.0.0.1", port: 587, security: "tls" }],
  ["server.host", { host: "169.254.169.254", port: 587, security: "tls" }],
  ["server.host", { host: "::ffff:10.0.0.1", port: 587, security: "tls" }],
  ["server.port", { host: "smtp.example.org", port: 5432, security: "tls" }],
  ["server.security", { host: "smtp.example.org", port: 587, security: "none" }],
];
test.each(cases)("%s of %j is refused where only servers on the internet are", async (field, more) => {
  installation.instance.config.mailTenantServers = "public";
  const refused = await put(server(more));
  expect(refused).toMatchObject({ status: 422, body: { code: "mail_server.not_allowed" } });
  expect(Object.keys(refused.body.fields)).toContain(field);
  const tried = await tenant.owner.call("POST", "/mail-server/test", { server: server(more) });
  expect(tried.status).toBe(422);
});

test("a server on the internet is taken", async () => {
  installation.instance.config.mailTenantServers = "public";
  expect((await put(server({ host: "smtp.example.org", port: 587, security: "starttls" }))).status).toBe(200);
});

test("nothing where the installation says so", async () => {
  installation.instance.config.mailTenantServers = "none";
  expect((await put(server())).body.code).toBe("mail_server.not_allowed");
});
