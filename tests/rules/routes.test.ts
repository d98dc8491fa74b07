import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { routes } from "#server/app.ts";
import { permissions } from "#server/permissions.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation.close());

const nameOf = ({ endpoint }: (typeof routes)[number]) => `${endpoint.method} ${endpoint.path}`;

/** What anyone may call, each with its reason. Everything else needs somebody who is signed in. */
const forAnyone = new Map([
  ["GET /t/:tenant/portal", "the sign-in page shows the tenant's name"],
  ["GET /t/:tenant/logo", "the sign-in page shows the tenant's logo"],
  ["POST /t/:tenant/session", "signing in"],
  ["GET /t/:tenant/session/second-factor", "the sign-in that this browser has begun is the credential"],
  [
    "POST /t/:tenant/session/second-factor/passkey",
    "the sign-in that this browser has begun is the credential",
  ],
  ["POST /t/:tenant/session/second-factor", "the sign-in that this browser has begun is the credential"],
  ["POST /t/:tenant/session/passkey/begin", "signing in with a passkey: the same for everybody"],
  ["POST /t/:tenant/session/passkey", "what the passkey has signed is the credential"],
  ["DELETE /t/:tenant/session", "signing out ends only the session of the cookie that came with it"],
  ["POST /t/:tenant/password-resets", "forgotten password"],
  ["POST /t/:tenant/links/check", "the link itself is the credential"],
  ["POST /t/:tenant/links/renew", "the expired link itself is the credential"],
  ["POST /t/:tenant/links/use", "the link itself is the credential"],
  ["GET /start", "where a visitor of the bare address begins"],
  ["POST /setup/check", "the set-up link itself is the credential"],
  ["POST /setup", "the set-up link itself is the credential"],
  ["POST /bounces", "the address it was sent to is the credential; none unless it is configured"],
  [
    "POST /t/:tenant/bounces",
    "the address it was sent to is the credential, of that tenant's messages alone",
  ],
  ["POST /bounces/:provider", "signed by the provider; none unless it is configured"],
  ["GET /mailbox", "direct visitors from this machine only, while no SMTP server is configured"],
  ["GET /mailbox/:id", "direct visitors from this machine only, while no SMTP server is configured"],
]);

test("every route declares a permission that exists, or is on the short list above", () => {
  for (const route of routes) {
    if (route.permission === "anyone") expect([...forAnyone.keys()], nameOf(route)).toContain(nameOf(route));
    else if (route.permission !== "signed_in") expect(Object.keys(permissions)).toContain(route.permission);
  }
  const open = routes.filter((route) => route.permission === "anyone").map(nameOf);
  expect(open.sort()).toEqual([...forAnyone.keys()].sort());
});

/** What is looked at once it is known what is to be changed. */
const ofFields = ["users.change_role", "settings.retention"];

test("every permission is needed by some route", () => {
  const needed = new Set(routes.map((route) => route.permission as string));
  expect(
    Object.keys(permissions).filter(
      (permission) => !needed.has(permission) && !ofFields.includes(permission),
    ),
  ).toEqual([]);
});

test("every route declares what it takes and gives", () => {
  for (const route of routes) {
    const { endpoint } = route;
    expect(endpoint.summary.length, nameOf(route)).toBeGreaterThan(5);
    const named = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
    const declared = endpoint.params instanceof z.ZodObject ? Object.keys(endpoint.params.shape) : [];
    expect(declared.sort(), nameOf(route)).toEqual(named.sort());
    expect(endpoint.output === undefined, `${nameOf(route)}: an output, or 204`).toBe(
      endpoint.status === 204,
    );
    if (endpoint.method === "PATCH" || endpoint.method === "PUT")
      expect(endpoint.body, nameOf(route)).toBeDefined();
  }
  expect(new Set(routes.map(nameOf)).size).toBe(routes.length);
});

test("the OpenAPI document has every route and nothing else", async () => {
  const response = await installation.http.inject({ url: "/api/openapi.json" });
  const document = response.json() as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(document.openapi).toMatch(/^3\.1/);
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, "").replace(/\{(\w+)\}/g, ":$1")}`,
    ),
  );
  expect(documented.sort()).toEqual(routes.map(nameOf).sort());
});
