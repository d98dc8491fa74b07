import type { Context, Job, JobServices } from "#server/context.ts";
import { insertMailboxMessages } from "../mailbox/store-mailbox.ts";
import { composeMessage } from "../rendering/compose-message.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { watchAtServer } from "../sending/at-server.ts";
import type { HandedOver } from "../sending/channel.ts";
import type { SenderKeeper } from "../sending/keep-sender.ts";
import type { Outlet } from "../sending/outlets.ts";
import { noteOutcomes, type Outcome } from "../sending/store-outcomes.ts";
import { usualTiming } from "../sending/timing.ts";
import { serverChanged } from "./server-changed-kind.ts";
import { insertNotices, lockNotice, noteTry, postponeNotice } from "./store-notices.ts";
import { listOwners } from "./store-servers.ts";

/** Has every owner told, by the installation's server, that the tenant's mail server was changed: as that event records it. */
export async function tellOwners(ctx: Context, eventId: string): Promise<void> {
  const owners = await listOwners(ctx.tx, ctx.tenantId);
  const userIds = owners.map(({ id }) => id);
  for (const id of await insertNotices(ctx, { kind: serverChanged.kind, userIds, about: eventId }))
    await wakeTeller(ctx, id, ctx.now);
}

const job = "mail_server.tell_owner";

/** One job at a time for each notice. */
export const wakeTeller = (
  { enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">,
  messageId: string,
  runAt: Date,
) => enqueue(job, { tenantId, messageId }, { key: `${job}:${messageId}`, runAt });

type KeeperOf = (services: JobServices) => SenderKeeper;

/**
 * Tries again, as other messages are, until the installation's server has taken it or refuses it for good. It takes its turn among
 * all that go by that server, and a server that hangs keeps none waiting but what waits for servers as well.
 */
export const tellOwnerJob = (keeperOf: KeeperOf): Job => ({
  name: job,
  lane: "outside",
  run: ({ tenantId = "", messageId = "" }, services) =>
    keeperOf(services).with((sender) =>
      sender.through(undefined, async (outlet) => {
        const told = await services.inTenant(tenantId, (ctx) => compose(ctx, { messageId, outlet }));
        if (!told) return;
        const handedOver = await handOver(told, { tenantId, outlet });
        await services.inTenant(tenantId, (ctx) => note(ctx, told, handedOver));
      }),
    ),
});

/** All of them together are one holder: they are not to take every connection from what people wait for. */
const handOver = ({ message }: Composed, { tenantId, outlet }: { tenantId: string; outlet: Outlet }) =>
  outlet.slots.hold(
    (slot) => watchAtServer(outlet.slots).during(slot, (of) => outlet.handOver(message, { tenantId, ...of })),
    { of: job, urgent: false },
  );

/** Undefined where there is nothing to hand over: it is over, or goes when the server is tried again. */
async function compose(ctx: Context, { messageId, outlet }: { messageId: string; outlet: Outlet }) {
  const notice = await lockNotice(ctx.tx, ctx.tenantId, messageId);
  if (!notice) return undefined;
  const trouble = outlet.trouble(ctx.tenantId);
  if (trouble) return void (await later(ctx, messageId, trouble.until));
  const tenant = await readSendingTenant(ctx);
  const pending = { id: notice.id, userId: notice.user_id, about: notice.about };
  const content = (await serverChanged.contents(ctx, [pending])).get(notice.id);
  if (!tenant || !content) return withdraw(ctx, notice, "The organisation sends nothing at the moment.");
  if ("withdraw" in content) return withdraw(ctx, notice, content.withdraw);
  const { edition } = tenant;
  // Where answers go is for administrators to set, and may be where whoever changed the server wants them.
  const message = await composeMessage(
    { id: notice.id, kind: serverChanged, content },
    { instance: ctx.instance, tenant: { ...tenant, replyTo: "" } },
  );
  return { notice, edition, message };
}

type Composed = NonNullable<Awaited<ReturnType<typeof compose>>>;
const shortly = 60_000;

/**
 * What became of it: in the same transaction it is kept in the built-in mailbox, or tried again later. Whose person was erased
 * meanwhile is withdrawn already.
 */
async function note(
  ctx: Context,
  { notice, edition, message }: Composed,
  handedOver: (HandedOver & { gaveUp: boolean }) | undefined,
) {
  const { id, attempts, created_at } = notice;
  if (!(await lockNotice(ctx.tx, ctx.tenantId, id))) return;
  // Others need the connection more.
  if (!handedOver || handedOver.gaveUp) return later(ctx, id, new Date(ctx.now.getTime() + shortly));
  const { delivery, source } = handedOver;
  const { outcome, reply } = delivery;
  const { subject, to } = message;
  const recipient = to.address;
  if (outcome === "accepted" || outcome === "refused") {
    write(ctx, notice, { ...ended(outcome, reply), tried: true, recipient, edition });
    if (source) await insertMailboxMessages(ctx, [{ id, recipient, subject, source }]);
    return;
  }
  const delay = usualTiming.retryDelay({
    attempts: attempts + 1,
    elapsedMs: ctx.now.getTime() - created_at.getTime(),
    hours: ctx.instance.config.mailRetryHours,
  });
  if (delay === undefined) return write(ctx, notice, { ...ended("expired", reply), tried: true, edition });
  await noteTry(ctx, { id, reply });
  await later(ctx, id, new Date(ctx.now.getTime() + delay));
}

async function later(ctx: Context, id: string, dueAt: Date) {
  await postponeNotice(ctx, id, dueAt);
  await wakeTeller(ctx, id, dueAt);
}

type Ended = Omit<Outcome, "id" | "userId">;

const ended = (state: Outcome["state"], reply: string): Ended => ({
  state,
  tried: false,
  recipient: null,
  reply,
  dueAt: null,
});

type Which = { id: string; user_id: string };

const write = (ctx: Context, { id, user_id: userId }: Which, outcome: Ended): void =>
  noteOutcomes(ctx.tx, [{ ...outcome, id, userId }], { ...ctx, sender: null });

const withdraw = (ctx: Context, which: Which, why: string): undefined =>
  void write(ctx, which, ended("withdrawn", why));
