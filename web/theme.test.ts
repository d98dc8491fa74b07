import { describe, expect, it } from "vitest";
import { cssVariables, palette, theme } from "./theme.ts";

const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2: how far a text stands out from what it stands on. */
function contrast(one: string, other: string) {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

// biome-ignore lint/suspicious/noExplicitAny: only spacing is read of the theme here
const colours = cssVariables(theme as any);
const texts = [
  "--m-accent",
  "--m-ok",
  "--m-warn",
  "--m-bad",
  "--mantine-color-dimmed",
  "--mantine-color-error",
];
const grounds = ["--m-surface", "--m-canvas", "--m-sunken"];

describe.each(["light", "dark"] as const)("the colours of the %s theme", (scheme) => {
  const colour = (name: string) => (colours[scheme] as Record<string, string>)[name] ?? "";
  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    "%s can be read on %s",
    (text, ground) => expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5),
  );
  it.each(["warn", "bad"])("%s can be read on its own ground", (tone) =>
    expect(contrast(colour(`--m-${tone}`), colour(`--m-${tone}-soft`))).toBeGreaterThanOrEqual(4.5),
  );
  it("white can be read on the primary button", () => {
    const shade = (theme.primaryShade as { light: number; dark: number })[scheme];
    expect(contrast("#ffffff", palette.brand[shade] ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});
