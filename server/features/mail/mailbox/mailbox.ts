import { z } from "zod";
import type { Config } from "#server/platform/config/config.ts";
import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { notFound } from "#server/platform/errors.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { readSource } from "./read-source.ts";
import { listMailboxRows, type MailboxRow, readMailboxMessage } from "./store-mailbox.ts";

const pageSize = 50;
const keys = z.tuple([z.iso.datetime(), z.uuid()]);

type Query = { search?: string | undefined; cursor?: string | undefined };

/** Where a mail server is configured there is no mailbox. */
export function mailboxMustBe({ smtpUrl }: Config) {
  if (smtpUrl) throw notFound("page");
}

/** `tenantId`: null for all tenants, as the system role. */
export async function listMailbox(tx: Tx, tenantId: string | null, query: Query) {
  const [receivedAt, id] = query.cursor ? readCursor(query.cursor, keys) : [];
  const rows = await listMailboxRows(tx, {
    tenantId,
    search: query.search?.trim() || null,
    before: receivedAt && id ? { receivedAt, id } : null,
    limit: pageSize + 1,
  });
  const shown = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? shown.at(-1) : undefined;
  return {
    items: shown.map(present),
    nextCursor: last ? writeCursor(last.received_at.toISOString(), last.id) : null,
  };
}

type Which = { tenantId: string | null; id: string };

export async function readMailbox(tx: Tx, which: Which, secrets: InstanceSecrets) {
  const found = await readMailboxMessage(tx, which, secrets);
  if (!found) throw notFound("message");
  return { ...present(found.row), ...readSource(found.source) };
}

const present = (row: MailboxRow) => ({
  id: row.id,
  tenant: row.slug,
  recipient: row.recipient,
  subject: row.subject,
  receivedAt: row.received_at.toISOString(),
});
