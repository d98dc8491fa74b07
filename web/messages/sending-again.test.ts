import { expect, test } from "vitest";
import { sendingAgain } from "./sending-again.ts";

const end = "a new invitation, or a link to set a password.";

test.each([
  [
    { failed: 2, unsent: 0 },
    "Send the failed again",
    `2 emails did not arrive. Whoever has not been reached since is written to again: ${end}`,
  ],
  [
    { failed: 0, unsent: 1 },
    "Send the unsent now",
    `1 email was never sent, as there was no mail server. Whoever has not been reached since is written to: ${end}`,
  ],
  [
    { failed: 1, unsent: 30 },
    "Send the failed and the unsent",
    `1 email did not arrive, and 30 emails were never sent, as there was no mail server. Whoever has not been reached since is written to: ${end}`,
  ],
])("sending of %j says what it does", (unreached, button, said) => {
  expect(sendingAgain(unreached)).toMatchObject({ button, said });
});
