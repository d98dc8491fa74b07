import { number, people } from "./words.ts";

/** A number that was counted so far and no further: 10,001 of at most 10,000 is 10,000+. */
export const atMostWritten = (value: number, atMost: number) =>
  value > atMost ? `${number(atMost)}+` : number(value);

export const atMostPeople = (value: number, atMost: number) =>
  value > atMost ? `${number(atMost)}+ people` : people(value);
