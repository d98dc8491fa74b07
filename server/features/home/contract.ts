import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { importSchema } from "../imports/shapes.ts";
import { messageState } from "../mail/contract.ts";
import { tenantParams } from "../tenants/contract.ts";
import { erasedSoonDays } from "../users/contract.ts";

const dailyCount = z.object({
  day: z.iso.date(),
  people: z.int(),
  invited: z.int().nullable().describe("null, as the two below: not counted by status on that day."),
  active: z.int().nullable(),
  suspended: z.int().nullable(),
});
export type DailyCount = z.output<typeof dailyCount>;

export const homeSchema = z.object({
  people: z.object({ all: z.int(), invited: z.int(), active: z.int(), suspended: z.int() }),
  history: z
    .array(dailyCount)
    .describe(
      "Each day of the tenant's time zone, from the first one known: as it was counted last on that day. The last one is today as it is now.",
    ),
  atMost: z
    .int()
    .describe(
      "What is below is counted so far; a larger number means that there are more. People are exact.",
    ),
  invitationsExpired: z.int().describe("People whose invitation has run out."),
  invitationsFailed: z.int().describe("Invited people to whom the last email failed."),
  neverSent: z
    .int()
    .describe(
      "People to whom the last email was never sent, because there was no mail server then. 0 as long as there is none.",
    ),
  mailFailed: z.int().describe("People to whom the last email failed."),
  erasedSoon: z.int().describe(`Deleted people who are erased for good within ${erasedSoonDays} days.`),
  messages: z
    .record(messageState, z.int())
    .nullable()
    .describe("Emails by state; null: not for whoever asks."),
  imports: z
    .object({
      recent: z.array(importSchema),
      inNeed: z
        .array(importSchema)
        .describe("Of the last week, the newest first: not imported yet, failed, or kept from going on."),
    })
    .nullable()
    .describe("null: not for whoever asks."),
});
export type Home = z.output<typeof homeSchema>;

export const getHome = endpoint({
  method: "GET",
  path: "/t/:tenant/home",
  summary: "How the tenant stands: people over time, invitations, emails, imports",
  params: tenantParams,
  query: z.object({
    days: z.coerce.number().int().min(7).max(366).default(90).describe("How far the history goes back."),
  }),
  output: homeSchema,
  errors: [],
});
