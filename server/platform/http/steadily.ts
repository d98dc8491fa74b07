import { setTimeout as wait } from "node:timers/promises";

/** Far above what the work takes. */
const answerAfterMs = 400;

/** Waits for work, and for as long whatever it finds: how long an answer takes says nothing. */
export async function steadily<T>(work: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([work, wait(answerAfterMs)]);
  return answer;
}
