import { expect, it } from "vitest";
import { outgoingMessage } from "#tests/support/outgoing-message.ts";
import { judge } from "./judge-delivery.ts";
import { usualTiming } from "./timing.ts";

const claimed = { id: "m", userId: "u", kind: "user.invited", attempts: 0, firstTriedAt: null };
const circumstances = { timing: usualTiming, retryHours: 48, tookSince: () => true };

it("keeps of a mail server's words no link that works: who may read messages may not use it", () => {
  const ready = outgoingMessage();
  const reply =
    "554 5.6.0 Refused for <https://people.example.org/t/acme/link#invitation.0abc.Zm9v-_> and HTTPS://PEOPLE.EXAMPLE.ORG/T/ACME/LINK%23invitation.1 in it";
  const handedOver = { delivery: { outcome: "refused", reply, addressFails: false } } as const;
  expect(judge({ claimed, ready, edition: 1 }, handedOver, circumstances).reply).toBe(
    "554 5.6.0 Refused for <https://people.example.org/t/acme/link#••••••••> and HTTPS://PEOPLE.EXAMPLE.ORG/T/ACME/LINK%23•••••••• in it",
  );
});
