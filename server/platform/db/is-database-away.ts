/**
 * Is it the database that is out of reach, so that the same thing will work again later? Class 08: connection lost; 57P:
 * the server is stopping or starting; 53300: too many connections.
 */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error &&
  ("code" in error && typeof error.code === "string"
    ? /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(error.code)
    : /Connection terminated|connection timeout|Client has encountered a connection error/i.test(
        error.message,
      ));
