import type { BulkAction } from "#server/features/bulk-actions/contract.ts";
import type { Shape } from "../ui/status-mark.tsx";

/** Each state by shape, colour and word. */
export const bulkLooks: Record<
  BulkAction["state"],
  { shape: Shape; tone: "ok" | "plain" | "warn"; word: string }
> = {
  running: { shape: "half", tone: "ok", word: "Running" },
  finished: { shape: "full", tone: "ok", word: "Done" },
  cancelled: { shape: "empty", tone: "plain", word: "Stopped" },
  undoing: { shape: "half", tone: "warn", word: "Undoing" },
  undone: { shape: "empty", tone: "plain", word: "Undone" },
};
