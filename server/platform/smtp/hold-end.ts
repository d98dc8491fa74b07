import { Readable } from "node:stream";

/**
 * A message on its way to a mail server: all of it goes at once, but ends only when `mayEnd` is fulfilled. A mail server takes
 * a message with its last line, so that until then nothing has been handed over. Where it is rejected, so is the message.
 */
export function holdEnd(source: Buffer, mayEnd: Promise<unknown> | undefined): Readable {
  let given = false;
  return new Readable({
    read() {
      if (given) return;
      given = true;
      this.push(source);
      if (!mayEnd) this.push(null);
      else
        mayEnd.then(
          () => this.push(null),
          (error: Error) => this.destroy(error),
        );
    },
  });
}
