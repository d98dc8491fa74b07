import { retryDelay } from "./retry-schedule.ts";

/** How long delivery waits for what; tests wait less. */
export type Timing = {
  retryDelay: typeof retryDelay;
  /** For how long a refusal that may be meant for us is not taken as the last word. */
  denialMs: number;
  /** How long a mail server that fails for everything is left in peace. */
  troublePauseMs: number;
  /** How long one tenant's messages are sent before it is another one's turn. */
  turnMs: number;
  /** How much longer what was claimed in that time may take before it goes back to its place. */
  overtimeMs: number;
  /** How long the last messages of a turn, for which the mail server keeps us waiting, hold up the next turn. */
  hangMs: number;
  /** How old what a message says may be when it is handed over: people are suspended, addresses corrected meanwhile. */
  freshMs: number;
  /** How long a hand-over may still take when the server is stopping. */
  stopMs: number;
  /** How long one reply of the mail server may take. */
  replyMs: number;
  /** How long a connection to a tenant's own server lies idle: it is rarely needed, and there may be many of them. */
  ownIdleMs: number;
  /** The same of a tenant's own, and one message altogether: whoever chose it may want us to wait. */
  ownReplyMs: number;
  ownMessageMs: number;
};

export const usualTiming: Timing = {
  retryDelay,
  denialMs: 3_600_000,
  troublePauseMs: 30_000,
  turnMs: 5_000,
  overtimeMs: 5_000,
  hangMs: 1_000,
  freshMs: 200,
  stopMs: 10_000,
  replyMs: 120_000,
  ownIdleMs: 10_000,
  ownReplyMs: 30_000,
  ownMessageMs: 60_000,
};
