import type { WordingAnswer } from "#server/features/mail/contract.ts";
import type { Wording } from "#server/features/mail/shapes.ts";

export type Part = keyof Wording;

/** The parts of an email's words, in the order in which they stand in it, and what each is called. */
export const partNames: Readonly<Record<Part, string>> = {
  subject: "Subject",
  heading: "Heading",
  intro: "Text",
  button: "Button",
  closing: "Text at the end",
};
export const parts = Object.keys(partNames) as Part[];

export const differing = (one: Wording, other: Wording): Part[] =>
  parts.filter((part) => one[part] !== other[part]);

export const isUsual = ({ usual, said }: WordingAnswer) => differing(usual, said).length === 0;

/** Their words, with those on top that one has typed oneself. */
export const rebased = (own: Wording, base: Wording, theirs: Wording): Wording => ({
  ...theirs,
  ...Object.fromEntries(differing(own, base).map((part) => [part, own[part]])),
});

/** How an email is previewed. */
export const looks = ["light", "dark", "text"] as const;
export type Look = (typeof looks)[number];
