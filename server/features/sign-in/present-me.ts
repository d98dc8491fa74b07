import type { Context } from "#server/context.ts";
import { holds, manageableRoles, permissionsOf } from "#server/permissions.ts";
import { notFound } from "#server/platform/errors.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { requiresSecondFactor } from "../second-factors/requires-second-factor.ts";
import { whetherHasFactor } from "../second-factors/store.ts";
import { presentPortal } from "../tenants/present-portal.ts";
import { readUserRow } from "../users/store.ts";
import type { Me } from "./contract.ts";

/** Who somebody is and what they may do, for the portal. */
export async function presentMe(ctx: Context, userId: string, mustChangePassword: boolean): Promise<Me> {
  const user = await readUserRow(ctx, userId);
  if (!user) throw notFound("user");
  const { portal, settings } = await presentPortal(ctx);
  const { language, sendPasswords, invitationDays, temporaryPasswordDays, deletedDays, timeZone } = settings;
  const { config } = ctx.instance;
  return {
    id: user.id,
    email: user.email,
    firstName: user.first_name,
    lastName: user.last_name,
    role: user.role,
    language: user.language,
    permissions: permissionsOf(user.role),
    manageableRoles: [...manageableRoles(user.role)],
    mustChangePassword,
    mustSetUpSecondFactor:
      requiresSecondFactor(settings, user.role) && !(await whetherHasFactor(ctx, userId)),
    tenant: {
      ...portal,
      language,
      sendPasswords,
      invitationDays,
      temporaryPasswordDays,
      deletedDays,
      timeZone,
    },
    importLimits: { rows: config.importMaxRows, mib: config.importMaxBytes / 1024 / 1024 },
    mailKept: await isMailKept(ctx),
    mailbox: config.smtpUrl === undefined && holds(user.role, "mailbox.read"),
  };
}
