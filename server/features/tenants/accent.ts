type Rgb = [red: number, green: number, blue: number];

const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
const hex = (colour: Rgb) =>
  `#${colour.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;

/** `one` with that share of `other` in it. */
export const mix = (one: string, other: string, share: number) => {
  const [from, to] = [rgb(one), rgb(other)];
  return hex(from.map((value, at) => value + ((to[at] ?? 0) - value) * share) as Rgb);
};

const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(colour: string) {
  const [red = 0, green = 0, blue = 0] = rgb(colour).map((value) => channel(value / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2: how far a text stands out from what it stands on. */
export function contrast(one: string, other: string) {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const enough = 4.5;

/** The colour itself, or the nearest on its way to black or white that stands out from all of these grounds. */
export function readable(colour: string, towards: string, grounds: readonly string[]): string {
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mix(colour, towards, share);
    if (grounds.every((ground) => contrast(shade, ground) >= enough)) return shade;
  }
  return towards;
}
