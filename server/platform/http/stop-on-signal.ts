/** A terminal's Ctrl-C reaches a process twice when npm passes it on as well: that close together it is one. */
const sameSignalMs = 1000;
const patienceMs = 30_000;

/** Stops gracefully on SIGINT and SIGTERM; at once when asked a second time, or when stopping takes too long. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let since: number | undefined;
  const onSignal = () => {
    if (since !== undefined) {
      if (Date.now() - since > sameSignalMs) process.exit(1);
      return;
    }
    since = Date.now();
    setTimeout(() => process.exit(1), patienceMs).unref();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`Stopping failed: ${error.stack}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
