import type { JobServices } from "#server/context.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import type { OwnServer } from "../own-server/own-server.ts";
import { type Channel, type HandedOver, openChannel } from "./channel.ts";
import { openSlots, type Slots } from "./slots.ts";
import type { Timing } from "./timing.ts";
import { type Watch, watchServer } from "./watch-server.ts";

/** One way out: a mail server with its connections, and what is known of how it fares. */
export type Outlet = {
  /** How many messages may be in hand at once, those of all tenants that use it together. */
  connections: number;
  slots: Slots;
  trouble: Watch["trouble"];
  tookSince: Watch["tookSince"];
  /** `gaveUp`: it was left off because of `giveUp`, and has not gone. */
  handOver(message: OutgoingMessage, of: Handing): Promise<HandedOver & { gaveUp: boolean }>;
};

type Handing = { tenantId: string; noted: Promise<unknown>; giveUp: AbortSignal };

/** Every way out of one sender: the installation's, and one for each tenant with a server of its own. */
export type Outlets = {
  /** Runs `work` with the tenant's own way out, where it has one, or the installation's. */
  through(own: OwnServer | undefined, work: (outlet: Outlet) => Promise<void>): Promise<void>;
  close(how?: "now"): void;
};

/** The slots of each way out: whoever replaces a sender goes on with the same. */
export type SlotsOf = (key: string, count: number) => Slots;

type Options = { services: JobServices; slotsOf: SlotsOf; timing: Timing };
type Opened = Outlet & { channel: Channel; watch: Watch };
type Kept = Opened & { revision: string; users: number };

/** Keeping a message in our own database needs no connection to be spared. */
const mailboxHands = 50;
/** So many servers of tenants with nothing to do are kept ready; their connections close after a while all the same. */
const mostIdle = 20;

export function openSlotsOnce({ hangMs }: Timing): SlotsOf {
  const known = new Map<string, Slots>();
  return (key, count) => {
    const slots = known.get(key) ?? openSlots(count, hangMs);
    known.set(key, slots);
    return slots;
  };
}

export function openOutlets({ services, slotsOf, timing }: Options): Outlets {
  const { smtpUrl, smtpConnections } = services.instance.config;
  const open = (own?: OwnServer): Opened => {
    const connections = own || smtpUrl ? smtpConnections : mailboxHands;
    const channel = openChannel(services, { connections, timing, own: own?.smtp });
    const watch = watchServer(Math.max(2, connections), timing.troublePauseMs);
    return {
      channel,
      watch,
      connections,
      slots: slotsOf(own?.tenantId ?? "installation", connections),
      trouble: watch.trouble,
      tookSince: watch.tookSince,
      handOver: async (message, { tenantId, noted, giveUp }) => {
        const handedOver = await channel.handOver(message, noted, giveUp);
        const gaveUp = giveUp.aborted && handedOver.delivery.outcome === "deferred";
        if (!gaveUp) watch.notice(handedOver.delivery, tenantId);
        return { ...handedOver, gaveUp };
      },
    };
  };
  const installation = open();
  const owns = keepOwn(open);
  return {
    through: (own, work) => (own ? owns.with(own, work) : work(installation)),
    close: (how) => {
      installation.channel.close(how);
      owns.close(how);
    },
  };
}

/** In the order of their last use. One whose settings have changed is closed when those who use it still have done. */
function keepOwn(open: (own: OwnServer) => Opened) {
  const kept = new Map<string, Kept>();
  const replaced = new Set<Kept>();
  const take = (own: OwnServer): Kept => {
    const known = kept.get(own.tenantId);
    kept.delete(own.tenantId);
    const current =
      known?.revision === own.revision ? known : { ...open(own), revision: own.revision, users: 0 };
    if (known && known !== current) retire(known);
    kept.set(own.tenantId, current);
    return current;
  };
  const retire = (old: Kept) => {
    if (old.users === 0) old.channel.close();
    else replaced.add(old);
  };
  // What is known of a server that fails must not be forgotten: it would be tried, and its logins counted, more often.
  const forgetIdle = () => {
    const idle = [...kept].filter(([, { users, watch }]) => users === 0 && !watch.failing());
    for (const [tenantId, { channel }] of idle.slice(0, Math.max(0, idle.length - mostIdle))) {
      channel.close();
      kept.delete(tenantId);
    }
  };
  return {
    with: async (own: OwnServer, work: (outlet: Outlet) => Promise<void>) => {
      const used = take(own);
      used.users += 1;
      try {
        await work(used);
      } finally {
        used.users -= 1;
        if (used.users === 0 && replaced.delete(used)) used.channel.close();
        forgetIdle();
      }
    },
    close: (how?: "now") => {
      for (const { channel } of [...kept.values(), ...replaced]) channel.close(how);
    },
  };
}
