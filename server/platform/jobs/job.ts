/**
 * Jobs of one lane never wait for those of another. `urgent`: what somebody sits and waits for; `quick`: what is wanted soon,
 * and what finds work again; `slow`: work of any length in turns of a few seconds; `long`: minutes of work in one piece;
 * `heavy`: all that a processor can do, one at a time; `outside` and `outside_urgent`: what waits for a machine that somebody
 * else chose, and which may be slow on purpose.
 */
export type Lane = "urgent" | "quick" | "slow" | "long" | "heavy" | "outside" | "outside_urgent";

/** What runs later. A payload holds ids only; running it twice must do no harm, since a crash repeats it. */
export type Job<Services> = {
  /** Imperative: `mail.deliver`. */
  name: string;
  lane: Lane;
  run(payload: Record<string, string>, services: Services): Promise<void>;
  /** Also runs by the clock: a crontab pattern, at most once a minute. */
  cron?: string;
};
