import { writeFileSync } from "node:fs";
import { userMessages } from "#server/features/users/mail.ts";
import { signInMessages } from "#server/features/sign-in/mail.ts";
import { renderMessage } from "#server/features/mail/render-message.ts";
const link = "http://people.northwind.example/t/northwind/link#invitation.0193b0c7d1a27c3e8f00aabbccddeeff.1.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4";
for (const kind of [...userMessages, ...signInMessages]) {
  const m = await renderMessage(kind, { tenant: "Northwind & Söhne <Ltd>", recipient: "eva.o'neil+x@northwind.example", signInAddress: "http://people.northwind.example/t/northwind/", firstName: "{{password}} <b>Eva</b>\nBcc: x", password: "a  b<c>&\"'{{link}}", link, validUntil: "Saturday, 28 November 2026 at 09:30 UTC" });
  writeFileSync(`/tmp/shots/${kind.kind}.html`, m.html);
  console.log("=====", kind.kind, "|", m.subject, m.html.length); console.log(m.text);
}
