import type { Context } from "#server/context.ts";
import { tidyReply } from "#server/platform/smtp/delivery.ts";
import type { InstanceContext } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { holdAddresses, markFailedAddresses } from "../mail/failed-addresses.ts";
import { holdForKinds, tellKinds } from "../mail/kinds.ts";
import type { MessageReference } from "../mail/message-reference.ts";
import { maskLinks } from "../mail/rendering/mask-links.ts";
import { readMessage } from "../mail/store-list.ts";
import { writeBounced, writeReport } from "../mail/store-reports.ts";
import { tenantsEndingIn } from "../tenants/store.ts";
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
  const reply = maskLinks(tidyReply(report.reply));
  if (report.outcome === "delayed") {
    await writeReport(tx, "delayed", { tenantId, messageId, now, reply });
    return;
  }
  // Users before credentials before messages: in this order everywhere.
  await holdAddresses(ctx, [message.user_id]);
  await holdForKinds(ctx, [message.user_id], [message.kind]);
  if (!(await writeBounced(tx, { tenantId, messageId, now, reply }))) return;
  if (message.state !== "accepted" && message.state !== "kept")
    await tellKinds(ctx, "givenUp", [{ id: messageId, userId: message.user_id, kind: message.kind }]);
  await record(ctx, { action: "message.bounced", target: { kind: "message", id: messageId } });
  // The address it was sent to, which may not be theirs any more.
  const { recipient: address, user_id: userId } = message;
  if (report.addressFailed && address !== null) await markFailedAddresses(ctx, [{ userId, address, reply }]);
}
