import { expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { mailInShort, mailWill } from "./mail-words.ts";

const at: Import["mail"] = { when: "schedule", at: "2026-11-30T06:30:00.000Z", timeZone: "Europe/Berlin" };
const plans: [Import["mail"], emails: number, kept: boolean, will: string, short: string][] = [
  [{ when: "now" }, 5, false, "5 emails go out", "5 emails at once"],
  [{ when: "now" }, 1, false, "1 email goes out", "1 email at once"],
  [
    { when: "now" },
    5,
    true,
    "5 emails are put into the built-in mailbox",
    "5 emails to the built-in mailbox",
  ],
  [{ when: "hold" }, 5, false, "5 emails are written and held until you release them", "5 emails held"],
  [{ when: "hold" }, 1, true, "1 email is written and held until you release it", "1 email held"],
  [
    at,
    1200,
    false,
    "1,200 emails go out on 30 Nov 2026, 07:30, Europe/Berlin",
    "1,200 emails on 30 Nov 2026, 07:30, Europe/Berlin",
  ],
  [
    at,
    1,
    true,
    "1 email is put into the built-in mailbox on 30 Nov 2026, 07:30, Europe/Berlin",
    "1 email on 30 Nov 2026, 07:30, Europe/Berlin",
  ],
];

test.each(plans)("the plan says of emails what is chosen: %j, %i, %j", (mail, emails, kept, will, short) => {
  expect(mailWill({ emails, mail }, kept)).toBe(will);
  expect(mailInShort({ emails, mail }, kept)).toBe(short);
});
