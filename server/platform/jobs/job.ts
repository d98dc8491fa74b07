/** What runs later. A payload holds ids only; running it twice must do no harm, since a crash repeats it. */
export type Job<Services> = {
  /** Imperative: `mail.deliver`. */
  name: string;
  run(payload: Record<string, string>, services: Services): Promise<void>;
  /** Also runs by the clock: a crontab pattern, at most once a minute. */
  cron?: string;
};
