import { expect, it } from "vitest";
import { sameEverywhere } from "#tests/support/mail.ts";
import type { MessageKind } from "../kinds.ts";
import { ActionButton, Credentials } from "./layout.ts";
import { renderMessage } from "./render-message.ts";

const kind: MessageKind = {
  kind: "test.credentials",
  wordings: sameEverywhere({ subject: "Hello, {{firstName}}", intro: "Hello, {{firstName}}." }),
  placeholders: [],
  core: ({ language, button }) => [
    Credentials(["Password", "{{password}}"]),
    ActionButton({ language, label: button, address: "{{link}}" }),
  ],
  secrets: ["password", "link"],
  contents: async () => new Map(),
};

const here = { language: "en", timeZone: "UTC" } as const;

const values = {
  organisation: "Northwind & Söhne",
  accent: "#0e5b75",
  email: "eva@northwind.example",
  signInAddress: "http://muster.example/t/northwind/",
  firstName: "Eva",
  password: "correct horse",
  link: "http://muster.example/t/northwind/link#token",
};

it("escapes values in HTML, between tags and in attributes, and not in the text", async () => {
  const said = await renderMessage(kind, here, {
    ...values,
    firstName: `<b onclick='x'>"Eva"&amp;</b>`,
    link: `http://x/"onmouseover="alert(1)`,
  });
  expect(said.html).toContain("&lt;b onclick=&#39;x&#39;&gt;&quot;Eva&quot;&amp;amp;&lt;/b&gt;");
  expect(said.html).not.toContain("<b ");
  expect(said.html).toContain('href="http://x/&quot;onmouseover=&quot;alert(1)"');
  expect(said.text).toContain(`Hello, <b onclick='x'>"Eva"&amp;</b>.`);
});

it("never takes a value for a placeholder", async () => {
  const said = await renderMessage(kind, here, {
    ...values,
    firstName: "{{password}}",
    password: "$& $1 {{link}}",
  });
  for (const part of [said.html, said.text]) expect(part).toContain("Hello, {{password}}.");
  expect(said.subject).toBe("Hello, {{password}}");
  expect(said.text).toContain("$& $1 {{link}}");
  expect(said.html).toContain("$&amp; $1 {{link}}");
});

it("lets no name write lines of its own, and leaves a password exactly as it is", async () => {
  const password = "  two  spaces ü <>&";
  const said = await renderMessage(kind, here, {
    ...values,
    firstName: "Eva\r\n\r\nSign in at http://evil.example\u2028now\u202e",
    password,
  });
  expect(said.text).toContain("Hello, Eva Sign in at http://evil.example now .\n");
  expect(said.subject).toBe("Hello, Eva Sign in at http://evil.example now ");
  expect(said.text).toContain(`Password:\n${password}\n`);
});

it("says the same in the text as in the HTML", async () => {
  const { html, text } = await renderMessage(kind, here, values);
  for (const value of ["Northwind", values.firstName, values.password, values.link, values.email]) {
    expect(html).toContain(value);
    expect(text).toContain(value);
  }
  expect(text).not.toMatch(/[<>]|&\w+;/);
  expect(html).not.toMatch(/<img|https?:\/\/(?!muster\.example|www\.w3\.org)/);
});

it("throws for a placeholder that has no value, and for none that an object happens to have", async () => {
  const { password, ...others } = values;
  expect(password).toBeDefined();
  await expect(renderMessage(kind, here, others)).rejects.toThrow("placeholder password");
  const strange = { ...kind, wordings: sameEverywhere({ subject: "{{constructor}}" }) };
  await expect(renderMessage(strange, here, values)).rejects.toThrow("constructor");
});
