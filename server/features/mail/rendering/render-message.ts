import { render, toPlainText } from "@react-email/render";
import type { MessageKind } from "../kinds.ts";

export type RenderedMessage = { subject: string; html: string; text: string };

/** Text and names of placeholders, taking turns; the first and the last are text. */
type Template = readonly string[];
type Templates = { subject: Template; html: Template; text: Template };

// React renders a kind once: rendering each message makes 184 a second, filling in tens of thousands.
const templates = new WeakMap<MessageKind, Promise<Templates>>();

/** What a message says, from its kind's template and the values of its placeholders. */
export async function renderMessage(
  kind: MessageKind,
  values: Record<string, string>,
): Promise<RenderedMessage> {
  const { subject, html, text } = await templatesOf(kind);
  const plain = (name: string) => placeholderValue(kind, values, name);
  return {
    subject: fillIn(subject, plain),
    html: fillIn(html, (name) => escapeHtml(plain(name))),
    text: fillIn(text, plain),
  };
}

/** The names of all placeholders of a kind's templates. */
export async function placeholdersOf(kind: MessageKind): Promise<string[]> {
  const { subject, html, text } = await templatesOf(kind);
  return [
    ...new Set([subject, html, text].flatMap((template) => template.filter((_, index) => index % 2 === 1))),
  ];
}

function templatesOf(kind: MessageKind): Promise<Templates> {
  const known = templates.get(kind) ?? renderTemplates(kind);
  templates.set(kind, known);
  return known;
}

async function renderTemplates(kind: MessageKind): Promise<Templates> {
  const html = await render(kind.body());
  return { subject: split(kind.subject), html: split(html), text: split(toText(html)) };
}

const toText = (html: string) =>
  `${toPlainText(html, {
    selectors: [
      { selector: "h1", options: { uppercase: false } },
      { selector: "[data-label]", format: "action" },
      { selector: "tr", format: "block", options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    ],
    formatters: {
      action: ({ attribs }: TextElement, _walk: unknown, builder: TextBuilder) => {
        builder.addInline(`${attribs["data-label"]}:`);
        builder.addLineBreak();
        builder.addInline(attribs.href ?? "");
      },
    },
  }).trim()}\n`;

// html-to-text comes without types.
type TextElement = { attribs: Record<string, string | undefined> };
type TextBuilder = { addInline(text: string): void; addLineBreak(): void };

const split = (text: string): Template => text.split(/\{\{(\w+)\}\}/);

/** Each value is put in once and never looked at again: one that reads `{{password}}` stays just that. */
const fillIn = (template: Template, value: (name: string) => string) =>
  template.map((part, index) => (index % 2 === 0 ? part : value(part))).join("");

function placeholderValue(kind: MessageKind, values: Record<string, string>, name: string) {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Error(`${kind.kind} has no value for its placeholder ${name}.`);
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
