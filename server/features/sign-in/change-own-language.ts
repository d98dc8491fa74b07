import type { Context } from "#server/context.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import { lockUser } from "../users/lock-user.ts";
import { writeLanguage } from "../users/store.ts";

/** `null`: as the tenant's emails are, also when the tenant changes that. */
export async function changeOwnLanguage(ctx: Context, userId: string, language: Language | null) {
  const before = await lockUser(ctx, userId);
  if (before.language === language) return;
  await writeLanguage(ctx, userId, language);
  await record(ctx, {
    action: "user.changed",
    target: { kind: "user", id: userId },
    changes: changesBetween({ language: before.language }, { language }),
  });
}
