import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Database } from "#server/platform/db/database.ts";
import type { Endpoint } from "#server/platform/http/endpoint.ts";
import type { Bytes } from "#server/platform/http/read-beginning.ts";
import type { Context, Door, Instance, Log } from "./context.ts";
import type { Permission } from "./permissions.ts";

/** Who may call: holders of a permission, whoever is signed in, or anyone. There is no default. */
export type Access = Permission | "signed_in" | "anyone";

export type Input<E extends Endpoint> = {
  params: z.output<E["params"]>;
  query: z.output<E["query"]>;
  body: z.output<E["body"]>;
};

/** `name` is what the browser says: a client may leave it out. */
export type UploadedFile = { name: string | undefined; content: Readable };

export type { Bytes };

/** What a handler may know and do of HTTP beyond its declared input and output. */
export type Http = {
  /** The address the request came from; a proxy's word for it only where that proxy is trusted. */
  ip: string;
  userAgent: string;
  /** The address at the other end of the socket, whatever a proxy says. */
  socketAddress: string;
  headers: Record<string, string | string[] | undefined>;
  cookie(name: string): string | undefined;
  /** Multipart requests: the files, one after the other, as they arrive. */
  files(): AsyncIterable<UploadedFile>;
  /** Of an endpoint that accepts anything: what came, at least the first megabyte of it. */
  bytes(): Bytes;
  /** Has a browser save the answer under this name. */
  download(fileName: string): void;
  /** The answer is this picture, to be asked for again each time. Answers whether the browser has this very one. */
  picture(of: { mediaType: string; digest: string }): boolean;
  setSession(tenantSlug: string, token: string, expiresAt: Date): void;
  /** Has the browser keep what it is known by again. */
  keepBrowser(tenantSlug: string, token: string): void;
  clearSession(tenantSlug: string): void;
  /** Has the browser keep what a sign-in is gone on with that was begun by the right password. */
  keepBegun(tenantSlug: string, token: string, seconds: number): void;
  clearBegun(tenantSlug: string): void;
  /** Has the browser keep what a passkey was asked to sign, and our own signature of it. */
  keepChallenge(tenantSlug: string, signed: string, seconds: number): void;
  clearChallenge(tenantSlug: string): void;
};

/** What a route that belongs to no tenant gets. */
export type InstanceContext = { database: Database; instance: Instance; log: Log; now: Date; door: DoorOf };
/** Opens the door of a tenant just found or made. */
export type DoorOf = (tenant: { id: string; slug: string }) => Door;

type Handlers = {
  quick: (ctx: Context, input: never, http: Http) => Promise<unknown>;
  slow: (door: Door, input: never, http: Http) => Promise<unknown>;
  instance: (ctx: InstanceContext, input: never, http: Http) => Promise<unknown>;
};

/** A served endpoint: what `app.ts` lists, what the rule tests walk. */
export type Route = { [K in keyof Handlers]: RouteOf<K> }[keyof Handlers];
type RouteOf<K extends keyof Handlers> = {
  manner: K;
  endpoint: Endpoint;
  permission: Access;
  /** May be called while a temporary password is still to be changed. */
  beforePasswordChange: boolean;
  /** May be called by whoever must set up a second factor and has not. */
  beforeSecondFactor: boolean;
  /** Only within some minutes of signing in, or of giving one's password again. */
  recentlyConfirmed: boolean | ((input: never) => boolean);
  handle: Handlers[K];
};

/** An endpoint without an output answers 204; one whose output is text may stream it. */
type Answer<E extends Endpoint> = E["output"] extends z.ZodUndefined
  ? Promise<void>
  : E["output"] extends z.ZodString
    ? Promise<string | Readable>
    : Promise<z.input<E["output"]>>;

type Served<E extends Endpoint, C> = {
  permission: Access;
  beforePasswordChange?: true;
  beforeSecondFactor?: true;
  /** A function: only where what is asked for is among it. */
  recentlyConfirmed?: true | ((input: Input<E>) => boolean);
  handle: (ctx: C, input: Input<E>, http: Http) => Answer<E>;
};

const route =
  <K extends keyof Handlers>(manner: K) =>
  <E extends Endpoint>(endpoint: E, served: Served<E, Parameters<Handlers[K]>[0]>): RouteOf<K> => ({
    manner,
    endpoint,
    permission: served.permission,
    beforePasswordChange: served.beforePasswordChange ?? false,
    beforeSecondFactor: served.beforeSecondFactor ?? false,
    recentlyConfirmed: served.recentlyConfirmed ?? false,
    handle: served.handle as unknown as Handlers[K],
  });

/** Serves an endpoint of a tenant in one transaction: all of what the handler does, or nothing. */
export const serve = route("quick");

/** Serves an endpoint of a tenant whose handler hashes, reads files or waits: it opens its own short transactions. */
export const serveSlowly = route("slow");

/** Serves an endpoint that belongs to no tenant. */
export const serveInstance = route("instance");
