import { isIP } from "node:net";
import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { z } from "zod";
import type { Database } from "#server/platform/db/database.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { HttpServer } from "#server/platform/http/create-server.ts";
import { problemSchema } from "#server/platform/http/problem.ts";
import { type Bytes, readBeginning } from "#server/platform/http/read-beginning.ts";
import { enqueueIn } from "#server/platform/jobs/enqueue.ts";
import type { Actor, Context, Door, Instance, Log } from "./context.ts";
import { confirmFirst } from "./features/second-factors/contract.ts";
import { authenticate, type Session } from "./features/sign-in/authenticate.ts";
import { cookieName } from "./features/sign-in/session-cookie.ts";
import { findTenant } from "./features/tenants/find-tenant.ts";
import { requirePermission } from "./permissions.ts";
import { portalCookies } from "./portal-cookies.ts";
import type { Http, Route } from "./route.ts";

export type RouteServices = { database: Database; instance: Instance; log: Log };

export const apiPrefix = "/api/v1";

/** Adds the routes to the server. What a person may do is decided here, before any handler runs, and nowhere else. */
export function serveRoutes(server: HttpServer, routes: readonly Route[], services: RouteServices) {
  for (const route of routes) {
    const { endpoint } = route;
    const served: RouteOptions = {
      method: endpoint.method,
      url: `${apiPrefix}${endpoint.path}`,
      schema: schemaOf(route),
      handler: (request, reply) => answer(route, services, request, reply),
    };
    if (endpoint.accepts === "*/*") void server.register(unparsed(served));
    else server.route(served);
  }
}

/** What is kept of a body that is not parsed. */
const keptBytes = 1024 * 1024;

const unparsed = (served: RouteOptions) => async (scope: FastifyInstance) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request: FastifyRequest, body: Readable) =>
    readBeginning(body, keptBytes),
  );
  scope.route({ ...served, bodyLimit: Number.MAX_SAFE_INTEGER });
};

async function answer(route: Route, services: RouteServices, request: FastifyRequest, reply: FastifyReply) {
  const input = { params: request.params, query: request.query, body: request.body } as never;
  const http = httpOf(request, reply, services.instance);
  const output = await run(route, services, { input, http, request });
  const { status, produces } = route.endpoint;
  // A handler that showed a picture has said already what may be kept of it.
  const { statusCode } = reply;
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  if (produces && !reply.hasHeader("content-type")) reply.type(`${produces}; charset=utf-8`);
  if (statusCode === 304) return reply.send();
  reply.code(status);
  return reply.send(status === 204 ? undefined : output);
}

type Call = { input: never; http: Http; request: FastifyRequest };

async function run(route: Route, services: RouteServices, { input, http, request }: Call): Promise<unknown> {
  const now = new Date();
  if (route.manner === "instance") {
    const door = (tenant: { id: string; slug: string }) =>
      doorOf(services, { ...tenant, actor: visitor(http), now });
    return route.handle({ ...services, now, door }, input, http);
  }
  const tenant = await findTenant(services.database, (request.params as { tenant: string }).tenant);
  const anonymous = doorOf(services, { ...tenant, actor: visitor(http), now });
  const token = request.cookies[cookieName(tenant.slug, services.instance.config)];
  if (route.manner === "quick") {
    return anonymous.run(async (ctx) =>
      route.handle({ ...ctx, actor: await authorize(route, ctx, { token, input }) }, input, http),
    );
  }
  const actor = await anonymous.run((ctx) => authorize(route, ctx, { token, input }));
  return route.handle(doorOf(services, { ...tenant, actor, now }), input, http);
}

type Asked = { token: string | undefined; input: never };

/** Who is calling, or a refusal: not signed in, something to be done first, or not permitted. */
async function authorize(route: Route, ctx: Context, { token, input }: Asked): Promise<Actor> {
  if (route.permission === "anyone") return ctx.actor;
  const session = token === undefined ? undefined : await authenticate(ctx, token);
  if (!session) throw new ProblemError(401, "session.required", "Sign in first.");
  requireDoneFirst(route, session);
  const { actor } = session;
  if (route.permission !== "signed_in") requirePermission(actor.role, route.permission);
  requireConfirmed(route, session, input);
  if (ctx.actor.kind !== "anonymous") return actor;
  return { ...actor, ip: ctx.actor.ip, userAgent: ctx.actor.userAgent };
}

function requireDoneFirst(route: Route, { actor, mustSetUpFactor }: Session) {
  if (actor.mustChangePassword && !route.beforePasswordChange) {
    throw new ProblemError(403, "password.must_change", "Change your temporary password first.");
  }
  if (mustSetUpFactor && !route.beforeSecondFactor) {
    const words = "Your organisation requires a second factor. Set one up first.";
    throw new ProblemError(403, "second_factor.must_set_up", words);
  }
}

function requireConfirmed({ recentlyConfirmed: wanted }: Route, session: Session, input: never) {
  const isWanted = typeof wanted === "function" ? wanted(input) : wanted;
  if (!isWanted || session.recentlyConfirmed) return;
  throw new ProblemError(403, confirmFirst, "Enter your password first: it is some time since you did.");
}

const visitor = ({ ip, userAgent }: Http): Actor => ({ kind: "anonymous", ip, userAgent });

type DoorParts = { id: string; slug: string; actor: Actor; now: Date };

export function doorOf(
  { database, instance, log }: RouteServices,
  { id, slug, actor, now }: DoorParts,
): Door {
  const shared = { tenantId: id, tenantSlug: slug, actor, now, log, instance };
  return {
    ...shared,
    // Each transaction is a moment of its own: what a long job writes late must not carry the time of its start.
    run: (work) =>
      database.inTenant(id, (tx) => work({ ...shared, now: new Date(), tx, enqueue: enqueueIn(tx) })),
  };
}

function httpOf(request: FastifyRequest, reply: FastifyReply, { config }: Instance): Http {
  return {
    ip: addressOf(request),
    userAgent: String(request.headers["user-agent"] ?? "").slice(0, 400),
    socketAddress: request.socket.remoteAddress ?? "",
    headers: request.headers,
    cookie: (name) => request.cookies[name],
    files: async function* () {
      if (!request.isMultipart()) {
        throw new ProblemError(415, "request.not_multipart", "Send the files as multipart/form-data.");
      }
      for await (const part of request.files())
        yield { name: part.filename || "file.csv", content: part.file };
    },
    bytes: () => (request.body as Bytes | undefined) ?? { head: Buffer.alloc(0), size: 0 },
    download: (fileName) => {
      reply.header("content-disposition", `attachment; filename="${fileName}"`);
    },
    picture: ({ mediaType, digest }) => {
      const tag = `"${digest}"`;
      const known = request.headers["if-none-match"] === tag;
      reply.code(known ? 304 : 200).headers({
        "content-type": mediaType,
        "cache-control": "public, no-cache",
        etag: tag,
        // Emails show it in whatever program somebody reads them with.
        "cross-origin-resource-policy": "cross-origin",
        // Opened by itself it is a picture and nothing else, whatever is in it.
        "content-security-policy": "default-src 'none'; sandbox",
      });
      return known;
    },
    ...portalCookies(reply, config),
  };
}

/** The client's address without port and zone, as some proxies write them; the socket's where that is none. */
function addressOf(request: FastifyRequest): string {
  const socket = request.socket.remoteAddress ?? "";
  const plain = request.ip.replace(/%.*$/, "").replace(/^\[(.*)\](:\d+)?$/, "$1");
  const address = [plain, plain.replace(/:\d+$/, ""), socket.replace(/%.*$/, "")].find(
    (text) => isIP(text) !== 0,
  );
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "0.0.0.0";
}

function schemaOf({ endpoint, permission }: Route) {
  const { params, query, body, output, status, produces } = endpoint;
  return {
    summary: endpoint.summary,
    description:
      permission === "anyone"
        ? "For anyone."
        : permission === "signed_in"
          ? "For whoever is signed in."
          : `Needs the permission \`${permission}\`.`,
    ...(endpoint.accepts && { consumes: [endpoint.accepts] }),
    ...(produces && { produces: [produces] }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: {
      ...(output ? { [status]: output } : { 204: emptyAnswer }),
      "4xx": problemResponse(endpoint.errors),
      "5xx": problemResponse(["internal", "database.unavailable"]),
    },
  };
}

const emptyAnswer = z.undefined().describe("Done; nothing to say.");

const problemResponse = (codes: readonly string[]) =>
  problemSchema.describe(
    codes.length > 0 ? `Problem details. Codes: ${codes.join(", ")}.` : "Problem details.",
  );
