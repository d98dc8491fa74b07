import type { HeldData } from "../users/held-data/held-data.ts";
import { listBrowsers, removeBrowsers } from "./store-browsers.ts";

export const heldBrowsers: HeldData = {
  name: "browsers",
  read: async (ctx, { id }) =>
    (await listBrowsers(ctx, id)).map((browser) => ({
      firstSeenAt: browser.first_seen_at,
      lastSeenAt: browser.last_seen_at,
      ip: browser.ip,
      userAgent: browser.user_agent,
    })),
  erase: async (ctx, people) => {
    await removeBrowsers(
      ctx,
      people.map(({ id }) => id),
    );
  },
};
