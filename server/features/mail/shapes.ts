import { z } from "zod";
import { languages } from "../tenants/tenant-settings.ts";

const breaks = /[\p{Cc}\u2028\u2029]/u;
const controls = /[^\P{Cc}\n]/u;

const line = (most: number, missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(most, `At most ${most} characters.`)
    .refine((text) => !breaks.test(text), "No line breaks or control characters.");

/** Line breaks as they are typed anywhere become `\n`. */
const paragraphs = (most: number) =>
  z
    .string()
    .overwrite((text) => text.replace(/\r\n?|[\u2028\u2029]/g, "\n").trim())
    .max(most, `At most ${most} characters.`)
    .refine((text) => !controls.test(text), "No control characters.");

/** The words of one kind of email in one language: plain text, with placeholders such as `{{firstName}}`. */
export const wordingSchema = z.object({
  subject: line(200, "Enter a subject."),
  heading: line(200, "Enter a heading."),
  intro: paragraphs(4000)
    .min(1, "Say why this email arrives.")
    .describe("Paragraphs, parted by empty lines. The first is also what an inbox shows beside the subject."),
  button: line(60, "Say what the button does.").describe("Where it leads cannot be changed."),
  closing: paragraphs(4000).describe("Paragraphs, parted by empty lines; may be empty."),
});
export type Wording = z.output<typeof wordingSchema>;

export const wordingLanguage = z.enum(languages);

/** What the words of emails may name, and what an administrator is told of each. */
export const placeholders = {
  firstName: "first name of whom it is for",
  lastName: "last name of whom it is for",
  email: "email address it goes to",
  organisation: "name of your organisation",
  signInAddress: "address of the sign-in page",
  validUntil: "when the link or the password stops working",
  signedInAt: "when somebody signed in",
  fileName: "name of the imported file",
} as const;
export type Placeholder = keyof typeof placeholders;

/** Those that every email has. */
export const commonPlaceholders: readonly Placeholder[] = [
  "firstName",
  "lastName",
  "email",
  "organisation",
  "signInAddress",
];

/** What is wrong with the placeholders of a text, in words; undefined where nothing is. */
export function placeholderProblem(text: string, allowed: readonly string[]): string | undefined {
  const list = allowed.map((name) => `{{${name}}}`).join(", ");
  const unknown = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].find(([, name = ""]) => !allowed.includes(name));
  if (unknown) return `There is no ${unknown[0]} in this email. You can use ${list}.`;
  const left = text.replace(/\{\{[^{}]*\}\}/g, "");
  if (!/\{\{|\}\}/.test(left)) return undefined;
  return `A placeholder has two braces on each side. You can use ${list}.`;
}

export const mailKept = z
  .boolean()
  .describe(
    "Neither the tenant nor the installation has a mail server: emails stay in the built-in mailbox.",
  );
