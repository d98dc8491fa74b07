import fc from "fast-check";
import { simpleParser } from "mailparser";
import { expect, it } from "vitest";
import { outgoingMessage } from "#tests/support/outgoing-message.ts";
import { composeSource } from "./compose-source.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";

const sourceOf = (more: Partial<OutgoingMessage>) => composeSource(outgoingMessage(more)).source;

/** What people may be called and mails may say: any text, without what no header can hold. */
const words = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 200 })
  .map((text) =>
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .replace(/\s+/g, " ")
      .trim(),
  )
  .filter((text) => text.length > 0);
const body = fc
  .array(
    fc.string({ unit: "grapheme", maxLength: 200 }).map((line) => line.replace(/[\p{Cc}]+/gu, " ").trimEnd()),
  )
  .map((lines) => `${lines.join("\n")}\n`);

it("is read by a mail program as it was meant, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(words, words, body, async (name, subject, text) => {
      const html = `<p>${text.replaceAll("<", "&lt;")}</p>`;
      const read = await simpleParser(
        sourceOf({ to: { name, address: "eva@northwind.example" }, subject, text, html }),
      );
      expect(read.subject).toBe(subject);
      expect([read.to].flat()[0]?.value).toEqual([{ name, address: "eva@northwind.example" }]);
      expect(read.text).toBe(text);
      expect(read.html).toBe(html);
    }),
    { numRuns: 100 },
  );
});

it("has lines of at most 76 characters in its parts, in ASCII, and no bare line break", () => {
  const long = "größe ".repeat(300);
  const source = sourceOf({ text: `${long}\n.\n..\r\nFrom me\n`, html: `<p>${long}</p>` }).toString();
  expect(source).toMatch(/^[\t\r\n -~]*$/);
  expect(source.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const [, ...parts] = source.split("\r\n\r\n");
  for (const line of parts.join("\r\n").split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
});

it("says what it must in its header, once", () => {
  const { source, envelope } = composeSource(outgoingMessage({ replyTo: "help@northwind.example" }));
  const [header = ""] = source.toString().split("\r\n\r\n");
  const names = header.split("\r\n").map((line) => line.split(":")[0]);
  expect(names.sort()).toEqual(
    [
      "Auto-Submitted",
      "Content-Type",
      "Date",
      "From",
      "MIME-Version",
      "Message-ID",
      "Reply-To",
      "Subject",
      "To",
    ].sort(),
  );
  expect(header).toContain("Date: Sun, 22 Nov 2026 10:00:00 +0000");
  expect(header).toContain("Message-ID: <1@muster.example>");
  expect(envelope).toEqual({ from: "no-reply@muster.example", to: ["eva@northwind.example"] });
});

it("writes a domain of other letters as mail servers know it, in header and envelope", () => {
  const { source, envelope } = composeSource(
    outgoingMessage({
      to: { name: "Eva", address: "eva@größe.example" },
      envelopeFrom: "bounces+1@muster.example",
    }),
  );
  expect(envelope).toEqual({ from: "bounces+1@muster.example", to: ["eva@xn--gre-6ka8i.example"] });
  expect(source.toString()).toMatch(/^To: Eva <eva@xn--gre-6ka8i\.example>$/m);
});
