import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { changedMeanwhile, notFound } from "#server/platform/errors.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import type { changeSettings as contract, SettingsAnswer } from "./contract.ts";
import { keepAnswers, keepLetterhead } from "./letter-changes.ts";
import { requireRetention } from "./retention.ts";
import { readSettingsRow, readTenant, writeSettings } from "./store.ts";
import { readLogoDigest } from "./store-logos.ts";
import { readableSettings, usualSettings } from "./tenant-settings.ts";

/** What a tenant has chosen under a name; undefined where it has chosen nothing. */
export const readSetting = async ({ tx, tenantId }: Context, name: string): Promise<unknown> =>
  (await readSettingsRow(tx, tenantId))?.settings[name];

/** Before a setting of its own is read that is written anew from what it was: two changes at once would lose one of them. */
export const lockSettings = ({ tx, tenantId }: Context) => readTenant(tx, tenantId, "lock");

/** One that is not among those of the page, whose version stays. */
export const writeSetting = ({ tx, tenantId, now }: Context, name: string, value: unknown) =>
  writeSettings(tx, { tenantId, now, chosen: { [name]: value } });

/** How a tenant wants it, and the usual where it has chosen nothing. */
export const readSettings = async ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">) =>
  readableSettings((await readSettingsRow(tx, tenantId))?.settings ?? {});

export async function presentSettings({ tx, tenantId, instance }: Context): Promise<SettingsAnswer> {
  const row = await readSettingsRow(tx, tenantId);
  if (!row) throw notFound("tenant");
  const values = { name: row.name, ...readableSettings(row.settings) };
  const least = { auditMonths: instance.config.auditKeepAtLeastMonths };
  return { values, usual: usualSettings, least, version: row.settings_version };
}

type Change = z.output<typeof contract.body>;

/** Changes what is named. Of two administrators at once the second is told, and sees what the first has changed. */
export async function changeSettings(ctx: Context, { version, ...wanted }: Change): Promise<SettingsAnswer> {
  const { values: before } = await presentSettings(ctx);
  requireRetention(ctx, before, wanted);
  const { name, ...chosen } = wanted;
  if (!(await writeSettings(ctx.tx, { ...ctx, name, chosen, version }))) throw changedMeanwhile("page");
  const after = await presentSettings(ctx);
  const changes = changesBetween(before, after.values);
  if (inLetterhead.some((field) => field in changes))
    await keepLetterhead(ctx, { ...before, logo: await readLogoDigest(ctx) });
  if ("replyTo" in changes) await keepAnswers(ctx, before);
  if (Object.keys(changes).length > 0)
    await record(ctx, {
      action: "tenant.settings_changed",
      target: { kind: "tenant", id: ctx.tenantId },
      changes,
    });
  return after;
}

const inLetterhead = ["name", "accent", "timeZone", "language"] as const;

/** By the operator's command: whatever version the settings have. The slug stays. */
export async function renameTenant(ctx: Context, name: string) {
  const { version } = await presentSettings(ctx);
  return changeSettings(ctx, { version, name });
}
