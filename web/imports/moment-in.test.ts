import { expect, test } from "vitest";
import { momentIn } from "./moment-in.ts";

test.each([
  ["an ordinary day", "2026-09-01T07:00", "Europe/Berlin", "2026-09-01T05:00Z"],
  ["before the clocks go forward", "2027-03-14T01:30", "America/New_York", "2027-03-14T06:30Z"],
  ["just after they went forward", "2027-03-14T03:30", "America/New_York", "2027-03-14T07:30Z"],
  ["an hour that is skipped", "2027-03-14T02:30", "America/New_York", "2027-03-14T07:30Z"],
  ["an hour that is skipped, east of Greenwich", "2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30Z"],
  [
    "just after they went forward, east of Greenwich",
    "2027-03-28T03:30",
    "Europe/Berlin",
    "2027-03-28T01:30Z",
  ],
  ["an hour that comes twice", "2027-11-07T01:30", "America/New_York", "2027-11-07T05:30Z"],
  ["just after the clocks went back", "2027-11-07T02:30", "America/New_York", "2027-11-07T07:30Z"],
  ["an hour that comes twice, east of Greenwich", "2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30Z"],
  ["just before the clocks go back", "2027-10-31T01:30", "Europe/Berlin", "2027-10-30T23:30Z"],
  ["far in the east", "2027-04-04T03:30", "Australia/Sydney", "2027-04-03T17:30Z"],
])("%s", (_what, local, timeZone, moment) => {
  expect(momentIn(local, timeZone)).toEqual(new Date(moment));
});
