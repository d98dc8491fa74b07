import { number } from "#server/platform/text/words.ts";

// What the server says in words it says in the same ones.
export { count, listing, number, people } from "#server/platform/text/words.ts";

const byteUnits = ["bytes", "KB", "MB", "GB"];

export function fileSize(bytes: number): string {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 3);
  const value = bytes / 1024 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : number(Math.round(value))} ${byteUnits[step]}`;
}
