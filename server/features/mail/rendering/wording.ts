import type { Language } from "../../tenants/tenant-settings.ts";

/**
 * The words of one kind of email in one language. Each may hold placeholders (`{{firstName}}`); none holds HTML. Paragraphs
 * are parted by an empty line.
 */
export type Wording = {
  subject: string;
  heading: string;
  /** Why this arrived. Its first paragraph is also what an inbox shows beside the subject. */
  intro: string;
  /** What is on the button, which leads where the kind says. */
  button: string;
  closing: string;
};

/** A kind of email speaks every language. */
export type Wordings = Readonly<Record<Language, Wording>>;
