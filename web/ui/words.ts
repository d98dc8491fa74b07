const figures = new Intl.NumberFormat("en");

/** 12480 → 12,480. */
export const number = (value: number) => figures.format(value);

/** 1 person, 12,480 people. */
export const count = (value: number, one: string, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;

export const people = (value: number) => count(value, "person", "people");

const byteUnits = ["bytes", "KB", "MB", "GB"];

export function fileSize(bytes: number): string {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 3);
  const value = bytes / 1024 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : number(Math.round(value))} ${byteUnits[step]}`;
}

/** "a", "a and b", "a, b and c". */
export const listing = (items: readonly string[]) =>
  new Intl.ListFormat("en-GB", { type: "conjunction" }).format(items);
