import { describe, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { languages } from "../../tenants/tenant-settings.ts";
import { commonPlaceholders, placeholderProblem, type Wording, wordingSchema } from "../shapes.ts";
import { layoutWords } from "./layout-words.ts";
import { placeholdersOf, renderMessage } from "./render-message.ts";

const moment = new Date("2026-11-28T09:30:00Z");
const placeOf = { en: "UTC", de: "Europe/Berlin", es: "America/Bogota" } as const;
const dateIn = {
  en: "Saturday, 28 November 2026 at 09:30 UTC",
  de: "Samstag, 28. November 2026 um 10:30 MEZ",
  es: "sábado, 28 de noviembre de 2026, 04:30 GMT-5",
};

const named = (wording: Wording) =>
  Object.values(wording).flatMap((text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name));

const spoken = messageKinds.flatMap((kind) => languages.map((language) => ({ kind, language })));

describe.each(spoken)("$kind.kind in $language", ({ kind, language }) => {
  const place = { language, timeZone: placeOf[language] };
  const wording = kind.wordings[language];

  it("keeps to the rules of a tenant's own words, and names nothing secret", () => {
    expect(wordingSchema.parse(wording)).toEqual(wording);
    const known = [...commonPlaceholders, ...kind.placeholders];
    for (const text of Object.values(wording)) expect(placeholderProblem(text, known)).toBeUndefined();
    expect(named(wording).filter((name) => kind.secrets.includes(name))).toEqual([]);
  });

  it("says in words of its own what it says in English: the secret, the same moments, every part", () => {
    const english = kind.wordings.en;
    for (const part of Object.keys(english) as (keyof Wording)[]) {
      expect(wording[part] === "").toBe(english[part] === "");
      if (language !== "en" && english[part] !== "") expect(wording[part]).not.toBe(english[part]);
    }
    const moments = (names: string[]) => names.filter((name) => name === "validUntil");
    expect(moments(named(wording))).toEqual(moments(named(english)));
  });

  it("is rendered whole, in HTML and in text", async () => {
    const names = await placeholdersOf(kind, place, {});
    const values = Object.fromEntries(
      names.map((name) => [name, name === "validUntil" ? moment : `‹${name}›`]),
    );
    const { subject, html, text } = await renderMessage(kind, place, values);
    expect(subject).not.toMatch(/[{}\n]/);
    expect(html).toContain(`<html lang="${language}"`);
    for (const said of [html, text]) {
      expect(said).not.toContain("{{");
      expect(said).toContain(layoutWords[language].footer.split("{{")[0]);
      for (const secret of kind.secrets) expect(said).toContain(`‹${secret}›`);
      if (names.includes("validUntil")) expect(said).toContain(dateIn[language]);
    }
  });
});
