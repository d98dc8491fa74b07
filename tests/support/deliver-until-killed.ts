// A process of its own that sends the messages of tenants, for tests that kill it.
import type pg from "pg";
import { openDatabase } from "#server/platform/db/database.ts";
import type { DatabaseRole } from "#server/platform/db/roles.ts";
import { helloKind, openPost } from "./mail.ts";
import { quiet } from "./quiet-log.ts";

type Job = { connection: Record<DatabaseRole, pg.ClientConfig>; tenantIds: string[]; smtpUrl: string };

const { connection, tenantIds, smtpUrl } = JSON.parse(process.env.JOB ?? "{}") as Job;
const { muster_app: app, muster_system: system, muster_queue: queue } = connection;
const database = openDatabase({ app, system, queue }, quiet);
const environment = { SMTP_URL: smtpUrl, SMTP_CONNECTIONS: "5" };
const post = openPost({ database, kinds: [helloKind().kind], environment });
for (;;) await Promise.all(tenantIds.map((tenantId) => post.deliver(tenantId)));
