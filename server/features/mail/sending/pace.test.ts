import { expect, it } from "vitest";
import { grantEmails, type PaceState } from "./pace.ts";

const at = (text: string) => new Date(`2026-11-28T${text}Z`);
const fresh: PaceState = { freeAt: at("00:00:00"), day: "2026-11-28", used: 0 };

it("grants emails at an even pace, and makes up for a second at most", () => {
  const pace = { perMinute: 60, perDay: undefined };
  const first = grantEmails(fresh, { pace, wanted: 100, now: at("10:00:00") });
  expect(first.granted).toBe(2);
  const none = grantEmails(first.after, { pace, wanted: 100, now: at("10:00:00.500") });
  expect(none).toMatchObject({ granted: 0, nextAt: at("10:00:01") });
  expect(grantEmails(first.after, { pace, wanted: 100, now: at("10:00:01") }).granted).toBe(1);
  expect(grantEmails(first.after, { pace, wanted: 100, now: at("11:00:00") }).granted).toBe(2);
});

it("grants no more than the day's quota, and the rest the next day", () => {
  const pace = { perMinute: undefined, perDay: 150 };
  const first = grantEmails(fresh, { pace, wanted: 100, now: at("10:00:00") });
  const second = grantEmails(first.after, { pace, wanted: 100, now: at("10:00:01") });
  expect([first.granted, second.granted]).toEqual([100, 50]);
  const used = grantEmails(second.after, { pace, wanted: 100, now: at("23:59:59") });
  expect(used).toMatchObject({ granted: 0, nextAt: new Date("2026-11-29T00:00:00Z") });
  const tomorrow = grantEmails(used.after, { pace, wanted: 100, now: new Date("2026-11-29T00:00:00Z") });
  expect(tomorrow.granted).toBe(100);
});

it("counts what goes anyway", () => {
  const pace = { perMinute: undefined, perDay: 10 };
  const full = { ...fresh, used: 10 };
  const urgent = grantEmails(full, { pace, wanted: 3, now: at("10:00:00"), anyway: true });
  expect(urgent).toMatchObject({ granted: 3, after: { used: 13 } });
});
