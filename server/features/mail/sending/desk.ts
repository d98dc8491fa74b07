import { gather } from "./gather.ts";
import type { Prepared } from "./prepare-messages.ts";
import type { ClaimedMessage } from "./store-claims.ts";

/** Where claimed messages lie that have been put together. */
export type Desk = {
  put(claimed: readonly ClaimedMessage[]): Promise<void>;
  /** The message as it is now; undefined when it is not to be sent now. */
  take(claimed: ClaimedMessage): Promise<Prepared | undefined>;
};

type Options = {
  prepare(claimed: readonly ClaimedMessage[]): Promise<Prepared[]>;
  /** Those that will be taken soon. */
  waiting(): readonly ClaimedMessage[];
  freshMs: number;
};

/**
 * Messages are put together many at once, which is quick; but a mail server may be slow, and meanwhile somebody may be
 * suspended, deleted or moved to another address, whose password must not go out any more. So what was put together more
 * than `freshMs` ago is put together anew when it is taken, and with it whatever else has become too old.
 */
export function openDesk({ prepare, waiting, freshMs }: Options): Desk {
  const laid = new Map<string, { prepared: Prepared; at: number }>();
  const isFresh = ({ id }: ClaimedMessage) => {
    const found = laid.get(id);
    return found !== undefined && Date.now() - found.at < freshMs;
  };
  const put: Desk["put"] = async (claimed) => {
    if (claimed.length === 0) return;
    // What is looked up may be as old as this moment, not as the one in which it is ready.
    const at = Date.now();
    for (const { id } of claimed) laid.delete(id);
    for (const prepared of await prepare(claimed)) laid.set(prepared.claimed.id, { prepared, at });
  };
  const putSoon = gather((asked: ClaimedMessage[]) =>
    put([...asked, ...waiting().filter((claimed) => !isFresh(claimed))]),
  );
  return {
    put,
    take: async (claimed) => {
      if (!isFresh(claimed)) await putSoon(claimed);
      const found = laid.get(claimed.id);
      laid.delete(claimed.id);
      return found?.prepared;
    },
  };
}
