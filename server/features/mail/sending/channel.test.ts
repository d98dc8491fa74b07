import { expect, it } from "vitest";
import type { JobServices } from "#server/context.ts";
import { openChannel } from "./channel.ts";
import { usualTiming } from "./timing.ts";

const hands = 20;

const message = (n: number) => ({
  messageId: `<${n}@people.example>`,
  date: new Date(),
  from: { name: "People", address: "people@people.example" },
  to: { name: "Anna Berg", address: `anna${n}@people.example` },
  subject: `Welcome ${n}`,
  html: "<p>Welcome</p>",
  text: "Welcome",
});

it("many hands at once leave others a turn between one message for the mailbox and the next", async () => {
  // Without a mail server the channel asks for nothing else of its services.
  const services = { instance: { config: { smtpUrl: undefined } } } as unknown as JobServices;
  const channel = openChannel(services, { connections: hands, timing: usualTiming });
  let turns = 0;
  let done = false;
  const other = () => {
    turns += 1;
    if (!done) setImmediate(other);
  };
  setImmediate(other);
  const handedOver = await Promise.all(
    Array.from({ length: hands }, (_, n) => channel.handOver(message(n), Promise.resolve())),
  );
  done = true;
  expect(turns).toBeGreaterThanOrEqual(hands);
  expect(handedOver.map(({ source }) => /^Subject: (.*)$/m.exec(String(source))?.[1]?.trim())).toEqual(
    Array.from({ length: hands }, (_, n) => `Welcome ${n}`),
  );
});
