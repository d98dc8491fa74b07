import { expect, test } from "vitest";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { refreshStatistics } from "./refresh-statistics.ts";

const desk = importsByHand({});
const { newTenant, query, job } = desk;

const analyzed = async () =>
  (await query("select analyze_count::int as times from pg_stat_user_tables where relname = 'users'"))[0]
    ?.times;
const queued = async () =>
  (
    await query(
      "select count(*)::int as jobs from graphile_worker.jobs where key = 'imports.refresh_statistics'",
    )
  )[0]?.jobs;

test("the statistics of people are refreshed behind an import of many, not of few", async () => {
  await newTenant();
  await desk.door.run((ctx) => refreshStatistics(ctx, { invited: 1999 }));
  expect(await queued()).toBe(0);
  await desk.door.run((ctx) => refreshStatistics(ctx, { invited: 1999, updated: 1 }));
  expect(await queued()).toBe(1);
  const before = await analyzed();
  await job("imports.refresh_statistics");
  expect(await analyzed()).toBe(Number(before) + 1);
});
