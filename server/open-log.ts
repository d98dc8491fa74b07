import { type DestinationStream, pino } from "pino";

/** No secrets, and nothing of people: what PostgreSQL says of an error in detail is the row that it is about. */
const kept = ["password", "secret", "token", "detail", "where", "internalQuery"];

/** To standard error, so that standard output stays what the commands print. */
export const openLog = (level: string, to: DestinationStream = pino.destination(2)): pino.Logger =>
  pino({ level, redact: kept.map((name) => `*.${name}`) }, to);
