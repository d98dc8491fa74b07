import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { momentInWords } from "./moment-in-words.ts";
import { writeTenantStatus } from "./store.ts";
import { lockTenant } from "./suspend-tenant.ts";

/**
 * Closed at once as if suspended, and erased when its days of grace are over. Said again, the days count anew; to less than
 * was left, or to none, only where that is confirmed.
 */
export async function deleteTenant(
  ctx: Context,
  graceDays: number,
  confirmed = false,
): Promise<{ eraseAt: Date }> {
  const { slug, status, erase_at: kept } = await lockTenant(ctx);
  const eraseAt = new Date(ctx.now.getTime() + graceDays * 86_400_000);
  if (!confirmed && (graceDays < 1 || (kept && eraseAt < kept))) throw sooner(slug, kept);
  const statusBefore = status === "deleted" ? "kept" : status;
  await writeTenantStatus(ctx, { status: "deleted", statusBefore, eraseAt });
  await record(ctx, {
    action: "tenant.deleted",
    target: { kind: "tenant", id: ctx.tenantId },
    details: { graceDays },
  });
  return { eraseAt };
}

const sooner = (slug: string, kept: Date | null) =>
  new ProblemError(
    409,
    "tenant.erased_sooner",
    `${kept ? `${slug} is to be erased after ${momentInWords(kept)}; this would be sooner.` : `This would erase ${slug} at once.`} Confirm it by naming it again: --confirm ${slug}`,
  );

/** As it was before it was deleted: what was suspended stays suspended. */
export async function restoreTenant(ctx: Context) {
  const { slug, status, status_before: before } = await lockTenant(ctx);
  if (status !== "deleted")
    throw new ProblemError(409, "tenant.not_deleted", `The tenant ${slug} is not deleted; it is ${status}.`);
  const restored = before === "suspended" ? before : "active";
  await writeTenantStatus(ctx, { status: restored, statusBefore: null, eraseAt: null });
  await record(ctx, { action: "tenant.restored", target: { kind: "tenant", id: ctx.tenantId } });
  return { status: restored };
}
