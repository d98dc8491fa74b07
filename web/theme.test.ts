import { DEFAULT_THEME, mergeMantineTheme } from "@mantine/core";
import { describe, expect, it } from "vitest";
import { contrast } from "#server/features/tenants/accent.ts";
import { cssVariables, themeOf } from "./theme.ts";

const texts = [
  "--m-accent",
  "--m-ok",
  "--m-warn",
  "--m-bad",
  "--mantine-color-dimmed",
  "--mantine-color-error",
];
const grounds = ["--m-surface", "--m-canvas", "--m-sunken"];

// Muster's own, and the worst a tenant can choose.
const accents = [
  null,
  "#ffffff",
  "#000000",
  "#ffff00",
  "#00ff00",
  "#0000ff",
  "#ff0000",
  "#808080",
  "#e0457b",
];
const schemes = ["light", "dark"] as const;

describe.each(accents.flatMap((accent) => schemes.map((scheme) => [scheme, accent] as const)))(
  "the colours of the %s theme with the accent %s",
  (scheme, accent) => {
    const theme = themeOf(accent);
    const colours = cssVariables(mergeMantineTheme(DEFAULT_THEME, theme));
    const colour = (name: string) => (colours[scheme] as Record<string, string>)[name] ?? "";
    it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
      "%s can be read on %s",
      (text, ground) => expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5),
    );
    it.each(["warn", "bad"])("%s can be read on its own ground", (tone) =>
      expect(contrast(colour(`--m-${tone}`), colour(`--m-${tone}-soft`))).toBeGreaterThanOrEqual(4.5),
    );
    it("the accent can be read on its own ground", () =>
      expect(contrast(colour("--m-accent"), colour("--m-accent-soft"))).toBeGreaterThanOrEqual(4.5));
    it("white can be read on the primary button", () => {
      const shade = (theme.primaryShade as { light: number; dark: number })[scheme];
      expect(contrast("#ffffff", theme.colors?.brand?.[shade] ?? "")).toBeGreaterThanOrEqual(4.5);
    });
  },
);
