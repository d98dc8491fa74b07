import { v7 as uuid } from "uuid";
import type { JobServices } from "#server/context.ts";
import { addMessages, type MessageRequest } from "#server/features/mail/add-messages.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { MessageKind, Wordings } from "#server/features/mail/kinds.ts";
import { type Timing, usualTiming } from "#server/features/mail/sending/timing.ts";
import type { Wording } from "#server/features/mail/shapes.ts";
import { createTenant } from "#server/features/tenants/create-tenant.ts";
import { contentsOf } from "#server/features/users/message-contents.ts";
import { readConfig } from "#server/platform/config/config.ts";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import type { Database } from "#server/platform/db/database.ts";
import { jobServices } from "#server/start-background.ts";
import type { TestDatabase } from "./database.ts";
import { quiet } from "./quiet-log.ts";

/** As usual; but a turn is over when all of its messages are, however slow this machine is. */
export const unhurriedTiming: Timing = { ...usualTiming, hangMs: 600_000 };

/** Seconds where it is hours. */
export const quickTiming: Timing = {
  ...unhurriedTiming,
  retryDelay: ({ attempts }) => (attempts < 50 ? 20 : undefined),
  denialMs: 100,
  troublePauseMs: 20,
  stopMs: 500,
  replyMs: 2_000,
  ownIdleMs: 100,
  ownReplyMs: 1_000,
};

/** The same words in every language. */
export function sameEverywhere(words: Partial<Wording>): Wordings {
  const wording = { subject: "Hello", heading: "Hello", intro: "", button: "Go", closing: "", ...words };
  return { en: wording, de: wording, es: wording };
}

/** A kind that says hello and notes what became of it. */
export function helloKind() {
  const accepted: string[] = [];
  const givenUp: string[] = [];
  const kind: MessageKind = {
    kind: "test.hello",
    wordings: sameEverywhere({
      subject: "Hello, {{firstName}}",
      intro: "Hello, {{firstName}} of {{organisation}}.",
    }),
    placeholders: [],
    core: () => [],
    secrets: [],
    contents: (ctx, messages) => contentsOf(ctx, messages, () => ({})),
    accepted: async (_ctx, messages) => void accepted.push(...messages.map((message) => message.id)),
    givenUp: async (_ctx, messages) => void givenUp.push(...messages.map((message) => message.id)),
  };
  return { kind, accepted, givenUp };
}

export type Post = {
  services: JobServices;
  /** Runs one turn for a tenant, as the job does. */
  deliver(tenantId: string): Promise<void>;
  /** The same for what somebody waits for. */
  deliverFirst(tenantId: string): Promise<void>;
  sweep(): Promise<void>;
  /** The server stops: gracefully. */
  stop(): void;
};

type Options = {
  database: Database;
  kinds: readonly MessageKind[];
  environment?: Record<string, string>;
  timing?: Timing;
};

/** The mail jobs of one server process. */
export function openPost({ database, kinds, environment = {}, timing = quickTiming }: Options): Post {
  const config = readConfig({ PUBLIC_URL: "http://muster.example", ...environment });
  const secrets = instanceSecrets(Buffer.alloc(32, 7));
  const stopping = new AbortController();
  const base = { database, instance: { config, secrets }, log: quiet, close: async () => {} };
  const services = jobServices(base as unknown as Parameters<typeof jobServices>[0], stopping.signal);
  const [deliver, sweep, deliverFirst] = mailJobs(kinds, timing);
  return {
    services,
    deliver: async (tenantId) => deliver?.run({ tenantId }, services),
    deliverFirst: async (tenantId) => deliverFirst?.run({ tenantId }, services),
    sweep: async () => sweep?.run({}, services),
    stop: () => stopping.abort(),
  };
}

/** A tenant with so many users, none of whom has got an email. */
export async function tenantWithUsers(database: TestDatabase, count: number, names = ["Eva", "Berg"]) {
  const slug = `t-${uuid().slice(-12)}`;
  const { id: tenantId } = await database.asSystem("make a tenant for a test", (tx) =>
    createTenant(tx, { slug, name: `Tenant ${slug}`, now: new Date() }),
  );
  const userIds = Array.from({ length: count }, () => uuid());
  await database.query(
    `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, status, created_at, updated_at)
     select $1, id, 'u' || n || '@' || $3 || '.example', 'u' || n || '@' || $3 || '.example', $4, $5, '', '', 'active', now(), now()
       from unnest($2::uuid[]) with ordinality u(id, n)`,
    [tenantId, userIds, slug, names[0], names[1]],
  );
  return { tenantId, slug, userIds };
}

/** Makes one message for each user. */
export const writeTo = (
  post: Post,
  tenantId: string,
  userIds: readonly string[],
  more: Partial<MessageRequest> = {},
) =>
  post.services.inTenant(tenantId, (ctx) =>
    addMessages(
      ctx,
      userIds.map((userId) => ({ userId, kind: "test.hello", ...more })),
    ),
  );

export type MessageState = {
  id: string;
  state: string;
  attempts: number;
  last_reply: string | null;
  recipient: string | null;
};

export const messagesOf = (database: TestDatabase, tenantId: string) =>
  database.query<MessageState>(
    "select id, state, attempts, last_reply, recipient from messages where tenant_id = $1 order by id",
    [tenantId],
  );
