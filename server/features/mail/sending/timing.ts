import { retryDelay } from "./retry-schedule.ts";

/** How long delivery waits for what; tests wait less. */
export type Timing = {
  retryDelay: typeof retryDelay;
  /** How long a mail server that fails for everything is left in peace. */
  troublePauseMs: number;
  /** How long one tenant's messages are sent before it is another one's turn. */
  turnMs: number;
  /** How old what a message says may be when it is handed over: people are suspended, addresses corrected meanwhile. */
  freshMs: number;
  /** How long a hand-over may still take when the server is stopping. */
  stopMs: number;
  /** How long one reply of the mail server may take. */
  replyMs: number;
  /** How long a connection to a tenant's own server lies idle: it is rarely needed, and there may be many of them. */
  ownIdleMs: number;
};

export const usualTiming: Timing = {
  retryDelay,
  troublePauseMs: 30_000,
  turnMs: 5_000,
  freshMs: 200,
  stopMs: 10_000,
  replyMs: 120_000,
  ownIdleMs: 10_000,
};
