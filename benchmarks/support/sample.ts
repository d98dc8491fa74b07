import { setTimeout as pause } from "node:timers/promises";
import { seconds } from "./time.ts";

type While = {
  /** Asked before each round: the number of rounds so far. */
  goOn: (rounds: number) => boolean;
  /** Between one round and the next. */
  pauseMs: number;
};

/** How long each of the calls takes, one at a time, round after round. */
export async function sample<Name extends string>(
  calls: Record<Name, () => Promise<unknown>>,
  { goOn, pauseMs }: While,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(calls) as Name[];
  const times = {} as Record<Name, number[]>;
  for (const name of names) times[name] = [];
  for (let round = 0; goOn(round); round += 1) {
    for (const name of names) times[name].push(await seconds(calls[name]));
    if (pauseMs > 0) await pause(pauseMs);
  }
  return times;
}
