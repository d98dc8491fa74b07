import type { Context, Job, JobServices } from "#server/context.ts";
import { insertMailboxMessages } from "../mailbox/store-mailbox.ts";
import { composeMessage } from "../rendering/compose-message.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { type HandedOver, openChannel } from "../sending/channel.ts";
import { noteOutcomes, type Outcome } from "../sending/store-outcomes.ts";
import { usualTiming } from "../sending/timing.ts";
import { serverChanged } from "./server-changed-kind.ts";
import { insertNotices, type Notice, noteTry, readNotice } from "./store-notices.ts";
import { listOwners } from "./store-servers.ts";

/** Has every owner told, by the installation's server, that the tenant's mail server was changed: as that event records it. */
export async function tellOwners(ctx: Context, eventId: string): Promise<void> {
  const owners = await listOwners(ctx.tx, ctx.tenantId);
  const userIds = owners.map(({ id }) => id);
  for (const id of await insertNotices(ctx, { kind: serverChanged.kind, userIds, about: eventId }))
    await later(ctx, id, ctx.now);
}

const later = ({ enqueue, tenantId }: Context, messageId: string, runAt: Date) =>
  enqueue(tellOwnerJob.name, { tenantId, messageId }, { runAt });

/** Tries again, as other messages are, until the installation's server has taken it or refuses it for good. */
export const tellOwnerJob: Job = {
  name: "mail_server.tell_owner",
  lane: "quick",
  run: async ({ tenantId = "", messageId = "" }, services) => {
    const told = await services.inTenant(tenantId, (ctx) => compose(ctx, messageId));
    if (!told) return;
    if ("withdraw" in told)
      return settle(services, { tenantId, messageId }, ended("withdrawn", told.withdraw));
    const channel = openChannel(services, { connections: 1, timing: usualTiming });
    try {
      const handedOver = await channel.handOver(told.message, Promise.resolve());
      await services.inTenant(tenantId, (ctx) => note(ctx, told, handedOver));
    } finally {
      channel.close();
    }
  },
};

async function compose(ctx: Context, messageId: string) {
  const notice = await readNotice(ctx.tx, ctx.tenantId, messageId);
  if (!notice) return undefined;
  const tenant = await readSendingTenant(ctx);
  const pending = { id: notice.id, userId: notice.user_id, about: notice.about };
  const content = (await serverChanged.contents(ctx, [pending])).get(notice.id);
  if (!tenant || !content) return { withdraw: "The organisation sends nothing at the moment." };
  if ("withdraw" in content) return content;
  const { edition } = tenant;
  // Where answers go is for administrators to set, and may be where whoever changed the server wants them.
  const message = await composeMessage(
    { id: notice.id, kind: serverChanged, content },
    { instance: ctx.instance, tenant: { ...tenant, replyTo: "" } },
  );
  return { notice, edition, message };
}

type Composed = Extract<NonNullable<Awaited<ReturnType<typeof compose>>>, { notice: Notice }>;

/** What became of it: in the same transaction it is kept in the built-in mailbox, or tried again later. */
async function note(ctx: Context, { notice, edition, message }: Composed, { delivery, source }: HandedOver) {
  const { id } = notice;
  const { outcome, reply } = delivery;
  const { subject, to } = message;
  const recipient = to.address;
  if (outcome === "accepted" || outcome === "refused") {
    await write(ctx, id, { ...ended(outcome, reply), tried: true, recipient, edition });
    if (source) await insertMailboxMessages(ctx, [{ id, recipient, subject, source }]);
    return;
  }
  const delay = usualTiming.retryDelay({
    attempts: notice.attempts + 1,
    elapsedMs: ctx.now.getTime() - notice.created_at.getTime(),
    hours: ctx.instance.config.mailRetryHours,
  });
  if (delay === undefined) return write(ctx, id, { ...ended("expired", reply), tried: true, edition });
  await noteTry(ctx, { id, reply });
  await later(ctx, id, new Date(ctx.now.getTime() + delay));
}

type Ended = Omit<Outcome, "id">;

const ended = (state: Outcome["state"], reply: string): Ended => ({
  state,
  tried: false,
  recipient: null,
  reply,
  dueAt: null,
});

const write = async (ctx: Context, id: string, outcome: Ended): Promise<void> =>
  void (await noteOutcomes(ctx.tx, [{ ...outcome, id }], { ...ctx, sender: null }));

type Which = { tenantId: string; messageId: string };

const settle = async (services: JobServices, { tenantId, messageId }: Which, outcome: Ended) =>
  void (await services.inTenant(tenantId, (ctx) => write(ctx, messageId, outcome)));
