import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";

/** An email to somebody, ready to be handed over. */
export const outgoingMessage = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  messageId: "<1@muster.example>",
  date: new Date("2026-11-22T10:00:00Z"),
  from: { name: "Northwind", address: "no-reply@muster.example" },
  to: { name: "Eva Berg", address: "eva@northwind.example" },
  subject: "Hello",
  html: "<p>Hello</p>",
  text: "Hello\n",
  ...more,
});
