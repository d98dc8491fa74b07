import type { HeldData } from "../users/held-data/held-data.ts";
import { listSessions, removeAllSessions } from "./store.ts";
import { removeBegunOf } from "./store-begun.ts";

export const heldSessions: HeldData = {
  name: "sessions",
  read: async (ctx, { id }) =>
    (await listSessions(ctx, id)).map((session) => ({
      begunAt: session.created_at,
      usedAt: session.last_seen_at,
      ip: session.ip,
      userAgent: session.user_agent,
    })),
  erase: async (ctx, people) => {
    const userIds = people.map(({ id }) => id);
    await removeAllSessions(ctx, userIds);
    await removeBegunOf(ctx, userIds);
  },
};
