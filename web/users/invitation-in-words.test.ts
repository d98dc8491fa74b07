import { expect, test } from "vitest";
import { invitationInWords } from "./invitation-in-words.ts";

test.each([
  ["accepted", "sent, not accepted yet"],
  ["kept", "not sent: there was no mail server"],
  ["bounced", "the email did not arrive"],
  ["queued", "not accepted yet"],
] as const)("an open invitation whose email is %s: %s", (state, words) => {
  expect(invitationInWords("pending", { state })).toBe(words);
});

test("one that is over says how, whatever became of its email", () => {
  expect(invitationInWords("revoked", { state: "kept" })).toBe("revoked");
  expect(invitationInWords("accepted", null)).toBe("accepted");
});
