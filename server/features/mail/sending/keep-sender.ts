import type { JobServices } from "#server/context.ts";
import { openSlotsOnce } from "./outlets.ts";
import { openSender, type Sender } from "./sender.ts";
import type { Timing } from "./timing.ts";

/** The one sender of this process, opened when it is first needed, replaced when it dies, closed when the server stops. */
export type SenderKeeper = {
  /** Runs `work` with the living sender; not at all once the server is stopping. */
  with(work: (sender: Sender) => Promise<void>): Promise<void>;
};

export function keepSender(services: JobServices, timing: Timing): SenderKeeper {
  // Kept across senders: while one that was lost still has messages in hand, the next has no more than the rest.
  const slotsOf = openSlotsOnce(timing);
  let current: Promise<Sender> | undefined;
  let atWork = 0;
  const open = () => {
    const opening = openSender({ services, slotsOf, timing, lost: () => forget(opening) });
    opening.catch(() => forget(opening));
    return opening;
  };
  const forget = (sender: Promise<Sender>) => {
    if (current === sender) current = undefined;
  };
  const close = async (how?: "now") => (await current?.catch(() => undefined))?.close(how);

  services.signal.addEventListener("abort", () => {
    if (atWork === 0) void close();
    else setTimeout(() => void close("now"), timing.stopMs).unref();
  });
  return {
    with: async (work) => {
      if (services.signal.aborted) return;
      atWork += 1;
      try {
        current ??= open();
        await work(await current);
      } finally {
        atWork -= 1;
        if (atWork === 0 && services.signal.aborted) await close();
      }
    },
  };
}
