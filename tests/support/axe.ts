import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * What axe-core finds on a page that keeps people out, one line for each rule that is broken. It is loaded once into a
 * page and looks in its place: the package for Playwright loads it for every look, and again into a second page. It does
 * not look into frames, and refuses a page that has some.
 */
export async function seriousProblems(page: Page, rules?: string[]): Promise<string[]> {
  if (page.frames().length > 1) throw new Error(`${page.url()} has a frame, and nobody looks into it`);
  // What is being loaded anew is dimmed, which is meant and soon over.
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(axe.source);
    await page.evaluate(rememberColours);
  }
  return page.evaluate(async (only) => {
    const here = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await here.run(document, {
      resultTypes: ["violations"],
      ...(only && { runOnly: only }),
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, rules);
}

type Colour = { r: number; g: number; b: number; alpha: number };

/** A page has a handful of colours, which axe-core reads anew for every word: a fifth of all that it does. */
function rememberColours() {
  const here = (window as unknown as { axe: { commons: { color: { Color: { prototype: Reader } } } } }).axe;
  type Reader = Colour & { parseString(text: string): Colour };
  const { prototype } = here.commons.color.Color;
  const { parseString } = prototype;
  const known = new Map<string, Colour>();
  prototype.parseString = function (this: Reader, text) {
    const { r, g, b, alpha } = known.get(text) ?? parseString.call(this, text);
    known.set(text, { r, g, b, alpha });
    return Object.assign(this, { r, g, b, alpha });
  };
}
