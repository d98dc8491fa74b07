/** The address name in what somebody typed or pasted: `northwind`, or a whole address with `/t/northwind/` in it. */
export function slugOf(typed: string): string {
  const text = typed.trim();
  return (/\/t\/([^/?#\s]+)/i.exec(text)?.[1] ?? text).toLowerCase();
}
