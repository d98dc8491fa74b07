const figures = new Intl.NumberFormat("en");

/** 12480 → 12,480. */
export const number = (value: number) => figures.format(value);

/** 1 person, 12,480 people. */
export const count = (value: number, one: string, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;

export const people = (value: number) => count(value, "person", "people");

/** "a", "a and b", "a, b and c". */
export const listing = (items: readonly string[]) =>
  new Intl.ListFormat("en-GB", { type: "conjunction" }).format(items);
