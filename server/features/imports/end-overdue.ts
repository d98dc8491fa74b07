import type { Context } from "#server/context.ts";
import { hoursAfter } from "../credentials/validity.ts";
import { endEarly } from "./decide-import.ts";
import { gaveUp, gaveUpWaiting } from "./describe-trouble.ts";
import { type ImportRecord, readImport, wipeFiles } from "./store.ts";
import type { UnfinishedImport } from "./store-work.ts";
import type { ImportWork } from "./wake-imports.ts";

/** A sealed upload is kept for so long after it came, whatever becomes of the import: it may hold passwords. */
const keepUploadHours = 24;
/** An upload that stands still for so long has broken off. */
const uploadHours = 2;

/** The work that an import is found again for; others wait for somebody. */
export function waitsFor({ state, wiped }: Pick<UnfinishedImport, "state" | "wiped">): ImportWork[] {
  if (state === "checking") return ["check"];
  if (state === "applying") return ["apply"];
  if (state === "uploading" || state === "checked") return [];
  // What is undone can wait for days, as long as its tenant is suspended. Its upload does not.
  return [...(state === "undoing" ? ["apply" as const] : []), ...(wiped ? [] : ["wipe" as const])];
}

type Aged = Pick<UnfinishedImport, "state" | "created_at" | "updated_at">;

const isOld = (since: Date, hours: number) => hoursAfter(since, hours) < new Date();

/** Has its upload been kept for long enough? Of one that is over a job wipes it anyway. */
export function isOverdue({ state, created_at, updated_at }: Aged): boolean {
  if (!["uploading", "checking", "checked", "applying"].includes(state)) return false;
  return isOld(created_at, keepUploadHours) || (state === "uploading" && isOld(updated_at, uploadHours));
}

/**
 * Wipes the upload of an import that is not over, and gives the import up. One that is being applied goes on as long as it
 * gets anywhere. Looks again under the lock: somebody may have come back for it since it was found.
 */
export async function endOverdue(ctx: Context, importId: string) {
  const found = await readImport(ctx, importId, "lock");
  if (!found || !isOverdue(found)) return;
  await wipeFiles(ctx, importId);
  if (found.state !== "applying" || isOld(found.updated_at, keepUploadHours))
    await endEarly(ctx, found, problemOf(found));
}

function problemOf(found: ImportRecord): string {
  if (found.trouble) return gaveUp(found, found.trouble);
  if (found.state === "applying") return gaveUpWaiting(found);
  return "Nobody applied this import in time. The uploaded file has been removed.";
}
