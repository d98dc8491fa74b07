import type { MantineColorsTuple } from "@mantine/core";
import { mix, readable } from "#server/features/tenants/accent.ts";

type Grounds = { light: readonly string[]; dark: readonly string[] };

/**
 * Ten shades of any colour, of which those that carry text can be read: 3 on dark grounds, 6 and 7 under white, 7 on light
 * grounds too.
 */
export function accentShades(colour: string, { light, dark }: Grounds): MantineColorsTuple {
  const [black, white] = ["#000000", "#ffffff"];
  const onDark = readable(mix(colour, white, 0.2), white, dark);
  const underWhite = readable(colour, black, [white]);
  const onLight = readable(underWhite, black, light);
  return [
    mix(onLight, white, 0.93),
    mix(onLight, white, 0.85),
    mix(onLight, white, 0.7),
    onDark,
    mix(onDark, underWhite, 0.4),
    mix(onDark, underWhite, 0.7),
    underWhite,
    onLight,
    mix(onLight, black, 0.2),
    mix(onLight, black, 0.4),
  ];
}
