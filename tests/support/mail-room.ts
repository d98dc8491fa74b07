import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Timing } from "#server/features/mail/sending/timing.ts";
import type { Database } from "#server/platform/db/database.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { helloKind, messagesOf, openPost, type Post, quickTiming } from "./mail.ts";
import { type SmtpSink, smtpSink } from "./smtp-sink.ts";
import { until } from "./until.ts";

/** Sending in a test file: one database, and for each test a mail server, a kind of message and processes that send. */
export function mailRoom() {
  const room = {} as { database: TestDatabase; sink: SmtpSink; hello: ReturnType<typeof helloKind> };
  const posts: Post[] = [];
  beforeAll(async () => {
    room.database = await testDatabase();
  });
  afterAll(() => room.database?.drop());
  beforeEach(async () => {
    room.hello = helloKind();
    room.sink = await smtpSink();
    return async () => {
      for (const post of posts.splice(0)) post.stop();
      await room.sink.stop();
    };
  });

  const states = async (tenantId: string) =>
    Object.fromEntries(
      [...Map.groupBy(await messagesOf(room.database, tenantId), (message) => message.state)].map(
        ([state, of]) => [state, of.length],
      ),
    );
  return Object.assign(room, {
    newPost: (
      environment: Record<string, string> = {},
      timing: Timing = quickTiming,
      database: Database = room.database,
    ) => {
      const post = openPost({
        database,
        kinds: [room.hello.kind],
        timing,
        environment: { SMTP_URL: room.sink.url, SMTP_CONNECTIONS: "5", ...environment },
      });
      posts.push(post);
      return post;
    },
    /** How many messages of a tenant there are in each state. */
    states,
    /** Turn after turn until no message waits. */
    deliverAll: (post: Post, tenantId: string) =>
      until(async () => {
        await post.deliver(tenantId);
        const { queued, sending, deferred } = await states(tenantId);
        return !queued && !sending && !deferred;
      }, "every message reaches an end"),
  });
}
