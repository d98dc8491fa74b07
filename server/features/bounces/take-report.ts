import type { Context } from "#server/context.ts";
import { tidyReply } from "#server/platform/smtp/delivery.ts";
import type { InstanceContext } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { holdForKinds, tellKinds } from "../mail/kinds.ts";
import type { MessageReference } from "../mail/message-reference.ts";
import { readMessage } from "../mail/store-list.ts";
import { writeBounced, writeReport } from "../mail/store-reports.ts";
import { tenantsEndingIn } from "../tenants/store.ts";
import { emailKey } from "../users/email-address.ts";
import { readUserRow } from "../users/store.ts";
import { writeMailFailure } from "../users/store-mail-failure.ts";
import type { Report } from "./report.ts";

export type TrustedReport = Report & { of: MessageReference };

/** Which tenant a reference is about; mostly one, and none for one that is made up. */
export const tenantsOf = ({ database }: InstanceContext, { tenantTail }: MessageReference) =>
  database.asSystem("whose message a delivery report is about", (tx) => tenantsEndingIn(tx, tenantTail));

/** Notes a report whose sender is trusted. A message that is not there, or has come back already, is left alone. */
export async function takeTrusted(instance: InstanceContext, report: TrustedReport): Promise<void> {
  for (const tenant of await tenantsOf(instance, report.of)) {
    await instance.door(tenant).run((ctx) => takeReport(ctx, report.of.messageId, report));
  }
}

export async function takeReport(ctx: Context, messageId: string, report: Report): Promise<void> {
  const { tx, tenantId, now } = ctx;
  const message = await readMessage(tx, tenantId, messageId);
  if (!message) return;
  const reply = tidyReply(report.reply);
  if (report.outcome === "delayed") {
    await writeReport(tx, "delayed", { tenantId, messageId, now, reply });
    return;
  }
  // Users before credentials before messages: in this order everywhere.
  const user = await readUserRow(ctx, message.user_id, "lock");
  await holdForKinds(ctx, [message.user_id], [message.kind]);
  if (!(await writeBounced(tx, { tenantId, messageId, now, reply }))) return;
  if (message.state !== "accepted")
    await tellKinds(ctx, "givenUp", [{ id: messageId, userId: message.user_id, kind: message.kind }]);
  await record(ctx, { action: "message.bounced", target: { kind: "message", id: messageId } });
  // The address it was sent to, which may not be theirs any more.
  const theirs = user && message.recipient !== null && emailKey(user.email) === emailKey(message.recipient);
  if (!report.addressFailed || !theirs || user.mail_failed_at) return;
  await writeMailFailure(ctx, user.id, reply);
  await record(ctx, { action: "user.mail_failed", target: { kind: "user", id: user.id } });
}
