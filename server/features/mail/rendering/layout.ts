import { createElement as h, type ReactElement, type ReactNode } from "react";
import type { Language } from "../../tenants/tenant-settings.ts";
import { darkMode, styles } from "./layout-styles.ts";
import { layoutWords } from "./layout-words.ts";

type Children = readonly ReactNode[];

// Mail programs lay out tables and little else, so each block is one. All of it is there with images off: the
// one there may be is a logo, beside the name it stands for. Classes are for dark mode only; everything else is inline, which no program strips.
const table = (style: object, ...rows: ReactNode[]) =>
  h(
    "table",
    { role: "presentation", width: "100%", cellPadding: 0, cellSpacing: 0, style },
    h("tbody", null, ...rows),
  );
const cell = (props: object, ...content: Children) => h("tr", null, h("td", props, ...content));

const logo = h("img", {
  src: "{{logo}}",
  alt: "",
  height: 32,
  style: styles.logo,
  "data-skip-in-text": true,
});

type Frame = {
  language: Language;
  /** What an inbox shows beside the subject. */
  preview: string;
  /** What the tenant has chosen to have in it. */
  has: { logo: boolean; answers: boolean };
};

/** The frame of every email: 600 pixels, one column, the tenant's name on top. */
export const layout = ({ language, preview, has }: Frame, ...content: Children): ReactElement =>
  h(
    "html",
    { lang: language, dir: "ltr" },
    h(
      "head",
      null,
      h("meta", { httpEquiv: "Content-Type", content: "text/html; charset=UTF-8" }),
      h("meta", { name: "viewport", content: "width=device-width" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("meta", { name: "supported-color-schemes", content: "light dark" }),
      h("style", null, darkMode),
    ),
    h(
      "body",
      { className: "page", style: styles.page },
      h("div", { "data-skip-in-text": true, style: styles.preview }, preview),
      table(
        { ...styles.frame, margin: "0 auto" },
        cell({ className: "muted", style: styles.header }, has.logo && logo, "{{organisation}}"),
        cell({ className: "card", style: styles.card }, ...content),
        cell(
          { className: "muted", style: styles.footer },
          layoutWords[language][has.answers ? "footerWithAnswers" : "footer"],
        ),
      ),
    ),
  );

export const Heading = (...content: Children) =>
  h("h1", { className: "text", style: styles.heading }, ...content);

export const Paragraph = (...content: Children) =>
  h("p", { className: "text", style: styles.paragraph }, ...content);

/** Text that somebody typed: an empty line parts paragraphs, a line break stays one. */
export const Paragraphs = (text: string): ReactNode[] =>
  paragraphsOf(text).map((paragraph) =>
    Paragraph(
      ...paragraph.split("\n").flatMap((line, at) => (at === 0 ? [line] : [h("br", { key: at }), line])),
    ),
  );

export const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n(?:[^\S\n]*\n)+/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean);

/** What somebody signs in with: a name and what to type, each. */
export const Credentials = (...entries: readonly (readonly [label: string, value: string])[]) =>
  h(
    "table",
    {
      role: "presentation",
      width: "100%",
      cellPadding: 0,
      cellSpacing: 0,
      className: "box",
      style: styles.box,
    },
    h(
      "tbody",
      null,
      ...entries.map(([label, value]) =>
        cell(
          { style: styles.entry },
          h("div", { className: "muted", style: styles.label }, `${label}:`),
          h("div", { className: "text", style: styles.value }, linked(value)),
        ),
      ),
    ),
  );

const linked = (value: string) =>
  value === "{{signInAddress}}"
    ? h("a", { href: value, className: "link", style: styles.address }, value)
    : value;

type Action = { language: Language; label: string; address: string };

/** The one thing to do, and below it the same address to copy, for programs that show no button. */
export const ActionButton = ({ language, label, address }: Action) =>
  h(
    "div",
    null,
    Button({ "data-label": label }, label, address),
    h(
      "p",
      { className: "muted", "data-skip-in-text": true, style: styles.small },
      layoutWords[language].withoutButton,
      h("br"),
      h("a", { href: address, className: "link", style: styles.address }, address),
    ),
  );

/** A button to an address that is written out elsewhere in the email. */
export const ShortcutButton = (label: string, address: string) =>
  h("div", { "data-skip-in-text": true }, Button({}, label, address));

const Button = (props: object, label: string, address: string) =>
  h(
    "table",
    { role: "presentation", cellPadding: 0, cellSpacing: 0, style: styles.buttonFrame },
    h(
      "tbody",
      null,
      cell(
        { className: "button", bgcolor: styles.button.backgroundColor, style: styles.buttonCell },
        h("a", { ...props, href: address, style: styles.button }, label),
      ),
    ),
  );
