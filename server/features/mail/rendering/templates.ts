import { render, toPlainText } from "@react-email/render";
import type { Language } from "../../tenants/tenant-settings.ts";
import type { MessageKind } from "../kinds.ts";
import type { Wording } from "../shapes.ts";
import { Heading, layout, Paragraphs, paragraphsOf } from "./layout.ts";

/** Text and names of placeholders, taking turns; the first and the last are text. */
export type Template = readonly string[];
export type Templates = { subject: Template; html: Template; text: Template };

type Spoken = {
  kind: MessageKind;
  language: Language;
  wording: Wording;
  has: { logo: boolean; answers: boolean };
};

// React renders a wording once: rendering each message makes 184 a second, filling in tens of thousands. What a tenant
// worded anew, or does not use any more, goes with its wording.
const rendered = new WeakMap<Wording, Map<string, Promise<Templates>>>();

export function templatesOf(spoken: Spoken): Promise<Templates> {
  const { kind, language, wording, has } = spoken;
  const ofWording = rendered.get(wording) ?? new Map<string, Promise<Templates>>();
  rendered.set(wording, ofWording);
  const key = `${kind.kind} ${language} ${has.logo} ${has.answers}`;
  const known = ofWording.get(key) ?? renderTemplates(spoken);
  ofWording.set(key, known);
  return known;
}

async function renderTemplates({ kind, language, wording, has }: Spoken): Promise<Templates> {
  const [preview = ""] = paragraphsOf(wording.intro);
  const html = await render(
    layout(
      { language, preview, has },
      Heading(wording.heading),
      ...Paragraphs(wording.intro),
      ...kind.core({ language, button: wording.button }),
      ...Paragraphs(wording.closing),
    ),
  );
  return { subject: split(wording.subject), html: split(html), text: split(toText(html)) };
}

const split = (text: string): Template => text.split(/\{\{(\w+)\}\}/);

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
