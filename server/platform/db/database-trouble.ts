/** `away`: out of reach, or without a connection to spare. */
export type DatabaseTrouble = "away" | "disk_full" | "out_of_memory";

/**
 * What keeps the database from doing what it was asked, so that the same thing will work again later; undefined where that
 * is no reason. Class 08: connection lost; 57P: the server is stopping or starting; 53: it has run out of something.
 */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!("code" in error) || typeof error.code !== "string")
    return lostConnection.test(error.message) ? "away" : undefined;
  if (error.code === "53100") return "disk_full";
  if (error.code === "53200") return "out_of_memory";
  return unreachable.test(error.code) ? "away" : undefined;
}

const unreachable = /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/;
const lostConnection = /Connection terminated|connection timeout|Client has encountered a connection error/i;
