import type { HeldData } from "../users/held-data/held-data.ts";
import { listSessions, removeAllSessions } from "./store.ts";

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
    await removeAllSessions(
      ctx,
      people.map(({ id }) => id),
    );
  },
};
