import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { hashPassword } from "#server/features/credentials/hash-password.ts";
import { storePassword } from "#server/features/credentials/store.ts";
import { cookieName } from "#server/features/sign-in/session-cookie.ts";
import { insertSession } from "#server/features/sign-in/store.ts";
import { createTenant } from "#server/features/tenants/create-tenant.ts";
import { operateTenant } from "#server/features/tenants/operate-tenant.ts";
import { incomingPeople } from "#server/features/users/incoming-people.ts";
import { insertUsers, writeStatus } from "#server/features/users/store.ts";
import type { Role } from "#server/permissions.ts";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import { doorOf } from "#server/serve-routes.ts";
import type { TestInstallation } from "./installation.ts";
import { multipart } from "./upload.ts";

export type Answer<Body = unknown> = { status: number; body: Body; headers: Record<string, unknown> };

/** A person of a test tenant, signed in. */
export type TestPerson = {
  id: string;
  email: string;
  cookie: string;
  /** Calls the API below the tenant (`/users`), or below `/api/v1` for a path that begins with `//`. */
  call<Body = unknown>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>>;
  /** Uploads files, as `call` calls. */
  upload<Body = unknown>(
    path: string,
    files: { name: string; content: string | Buffer }[],
  ): Promise<Answer<Body>>;
};

export type TestTenant = {
  id: string;
  slug: string;
  owner: TestPerson;
  /** Adds somebody with a role and signs them in. */
  person(role: Role): Promise<TestPerson>;
  /** Runs a use case as the owner would. */
  run<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
  /** Opens, closes or deletes it as the operator's commands do. */
  operate<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
};

export const testPassword = "correct horse battery";
// One argon2id for the whole file: tests that sign in share it.
const testHash = hashPassword(testPassword);

export async function testTenant(
  installation: TestInstallation,
  slug = `t-${uuid().slice(-12)}`,
): Promise<TestTenant> {
  const { database } = installation;
  const { id } = await database.asSystem("make a tenant for a test", (tx) =>
    createTenant(tx, { slug, name: `Tenant ${slug}`, now: new Date() }),
  );
  const door = (ownerId: string) =>
    doorOf(installation, {
      id,
      slug,
      now: new Date(),
      actor: { kind: "user", id: ownerId, role: "owner", mustChangePassword: false },
    });
  const person = async (role: Role): Promise<TestPerson> => {
    const userId = uuid();
    const email = `${role}.${userId.slice(-8)}@${slug}.example`;
    const token = secretToken();
    const hash = await testHash;
    await door(userId).run(async (ctx) => {
      const row = {
        id: userId,
        email,
        firstName: "Test",
        lastName: role,
        role,
        groupIds: [],
        passwordHash: null,
        sealedPassword: null,
      };
      await insertUsers(ctx, incomingPeople([row]).people);
      await storePassword(ctx, userId, hash);
      await writeStatus(ctx, userId, "active");
      await insertSession(ctx, {
        idHash: hashToken(token),
        userId,
        mustChangePassword: false,
        expiresAt: new Date(Date.now() + 3_600_000),
        ip: "127.0.0.1",
        userAgent: "test",
      });
    });
    const cookie = `${cookieName(slug, installation.instance.config)}=${token}`;
    const base = `/t/${slug}`;
    return {
      id: userId,
      email,
      cookie,
      call: caller(installation, base, cookie),
      upload: uploader(installation, base, cookie),
    };
  };
  const owner = await person("owner");
  return {
    id,
    slug,
    owner,
    person,
    run: (work) => door(owner.id).run(work),
    operate: (work) => {
      const operator = doorOf(installation, { id, slug, now: new Date(), actor: { kind: "operator" } });
      return operateTenant(database, operator, work);
    },
  };
}

/** Calls the API without a browser; `cookie` empty for somebody who is not signed in. */
export function caller(installation: TestInstallation, base: string, cookie = ""): TestPerson["call"] {
  return async (method, path, body) => {
    const response = await installation.http.inject({
      method,
      url: `/api/v1${path.startsWith("//") ? path.slice(1) : base + path}`,
      headers: cookie ? { cookie } : {},
      ...(body !== undefined && { payload: body as object }),
    });
    return answerOf(response);
  };
}

function uploader(installation: TestInstallation, base: string, cookie: string): TestPerson["upload"] {
  return async (path, files) => {
    const { payload, headers } = multipart(files);
    const url = `/api/v1${base}${path}`;
    return answerOf(
      await installation.http.inject({ method: "POST", url, payload, headers: { ...headers, cookie } }),
    );
  };
}

type Response = Awaited<ReturnType<TestInstallation["http"]["inject"]>>;

function answerOf<Body>(response: Response): Answer<Body> {
  const json = String(response.headers["content-type"] ?? "").includes("json");
  return {
    status: response.statusCode,
    headers: response.headers,
    body: (json ? response.json() : response.body) as Body,
  };
}
