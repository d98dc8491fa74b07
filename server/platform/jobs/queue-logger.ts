import { Logger } from "graphile-worker";

type Log = { warn(details: object, message: string): void; error(details: object, message: string): void };

/** The queue's own remarks go to our log; what it says of every job is left out. */
export const queueLogger = (log: Log) =>
  new Logger(() => (level, message, meta) => {
    if (level === "error") log.error({ ...meta }, message);
    else if (level === "warning") log.warn({ ...meta }, message);
  });
