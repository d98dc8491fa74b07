const browsers: readonly [name: string, mark: RegExp][] = [
  ["Edge", /\bEdgA?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(Firefox|FxiOS)\//],
  ["Chrome", /\b(Chrome|CriOS|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
];
const systems: readonly [name: string, mark: RegExp][] = [
  ["Android", /\bAndroid\b/],
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Windows", /\bWindows\b/],
  ["Mac", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
];

/** The names of a browser and its system, as far as they are known ones; every newer browser claims to be the older ones too. */
export const browserParts = (userAgent: string | null): string[] =>
  [browsers, systems].flatMap((names) => names.find(([, mark]) => mark.test(userAgent ?? ""))?.[0] ?? []);

/** "Firefox on Windows", as far as a browser says so. */
export const browserName = (userAgent: string | null): string =>
  browserParts(userAgent).join(" on ") || userAgent?.slice(0, 60) || "An unknown browser";
