import type { MessageKind } from "../kinds.ts";
import { noOwnWordings, type OwnWordings, wordingOf } from "../wordings/own-wordings.ts";
import { type Template, templatesOf } from "./templates.ts";
import { type Place, writtenDate } from "./written-date.ts";

export type RenderedMessage = { subject: string; html: string; text: string };
/** In which words, and how its dates are written. */
export type Voice = Place & { wordings?: OwnWordings };
export type Values = Readonly<Record<string, string | Date>>;

/** What a message says, in the words of its kind, with the values of its placeholders. */
export async function renderMessage(
  kind: MessageKind,
  voice: Voice,
  values: Values,
): Promise<RenderedMessage> {
  const { subject, html, text } = await templatesOf(spokenIn(kind, voice, values));
  const plain = once((name) => placeholderValue({ kind, place: voice, values }, name));
  return {
    subject: fillIn(subject, plain),
    html: fillIn(
      html,
      once((name) => escapeHtml(plain(name))),
    ),
    text: fillIn(text, plain),
  };
}

/** Most placeholders stand in several places. */
function once(value: (name: string) => string) {
  const known = new Map<string, string>();
  return (name: string) => {
    const said = known.get(name) ?? value(name);
    known.set(name, said);
    return said;
  };
}

const spokenIn = (kind: MessageKind, { language, wordings = noOwnWordings }: Voice, values: Values) => ({
  kind,
  language,
  wording: wordingOf(kind, language, wordings),
  has: { logo: "logo" in values, answers: "replyTo" in values },
});

/** The names of all placeholders of the templates that such values go into. */
export async function placeholdersOf(kind: MessageKind, voice: Voice, values: Values): Promise<string[]> {
  const { subject, html, text } = await templatesOf(spokenIn(kind, voice, values));
  return [
    ...new Set([subject, html, text].flatMap((template) => template.filter((_, index) => index % 2 === 1))),
  ];
}

/** Each value is put in once and never looked at again: one that reads `{{password}}` stays just that. */
const fillIn = (template: Template, value: (name: string) => string) =>
  template.map((part, index) => (index % 2 === 0 ? part : value(part))).join("");

type Filled = { kind: MessageKind; place: Place; values: Values };

function placeholderValue({ kind, place, values }: Filled, name: string) {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Error(`${kind.kind} has no value for its placeholder ${name}.`);
  if (value instanceof Date) return writtenDate(value, place);
  // A name with a line break could write lines of its own into the text. A password is left exactly as it is.
  return kind.secrets.includes(name) ? value : oneLine(value);
}

/** Without control characters, line breaks and the invisible ones that turn the direction of writing. */
const oneLine = (value: string) => value.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Good between tags and inside quoted attributes. */
const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (character) => entities[character] ?? "");
