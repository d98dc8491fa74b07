import type { Config } from "#server/platform/config/config.ts";
import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import type { Database } from "#server/platform/db/database.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import type { Throttle } from "#server/platform/http/throttle.ts";
import type { Enqueue } from "#server/platform/jobs/enqueue.ts";
import type { Job as PlatformJob } from "#server/platform/jobs/job.ts";
import type { Role } from "./permissions.ts";

/** On whose behalf something happens. */
export type Actor =
  | ({ kind: "user"; id: string; role: Role; mustChangePassword: boolean } & Whence)
  /** Somebody who is not signed in: signing in, following a link. */
  | ({ kind: "anonymous" } & Whence)
  /** A background job; in the audit log what it does is done by whoever asked for it, where somebody did. */
  | { kind: "system"; askedBy?: { kind: "user"; id: string } | { kind: "operator" } }
  /** Whoever runs `muster` on the server. */
  | { kind: "operator" };

/** From where a request came. */
export type Whence = { ip?: string | undefined; userAgent?: string | undefined };

export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

/** What is the same for all requests and jobs of this installation. */
export type Instance = {
  config: Config;
  secrets: InstanceSecrets;
  throttle: Throttle;
};

/** What every use case gets, whichever door it was entered by: HTTP, job, import, command line. */
export type Context = {
  tx: Tx;
  tenantId: string;
  tenantSlug: string;
  actor: Actor;
  /** Adds a job in the transaction `tx`. */
  enqueue: Enqueue;
  now: Date;
  log: Log;
  instance: Instance;
};

/**
 * For what is slow and must not keep a transaction open (hashing, files, SMTP): each `run` is a transaction of its own.
 */
export type Door = Omit<Context, "tx" | "enqueue"> & {
  run<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
};

/** What a background job gets. */
export type JobServices = {
  database: Database;
  instance: Instance;
  log: Log;
  /** Fires when the server is stopping: finish what is in hand, leave the rest. */
  signal: AbortSignal;
  /** Work that may go on when its job is over: stopping waits for it as well. */
  outlive(work: Promise<unknown>): void;
  /** Runs `work` in a transaction of that tenant, on behalf of the system. Undefined when there is no such tenant. */
  inTenant<T>(tenantId: string, work: (ctx: Context) => Promise<T>): Promise<T | undefined>;
  /** The door of a tenant, on behalf of the system; undefined when there is no such tenant. */
  door(tenantId: string): Promise<Door | undefined>;
  /** Adds a job from outside any tenant. */
  enqueue: Enqueue;
};
export type Job = PlatformJob<JobServices>;
