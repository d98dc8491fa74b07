import { Transform } from "node:stream";

/**
 * Passes everything on, but ends only when `mayEnd` is fulfilled: a mail server takes a message with its last line, so that
 * until then nothing has been handed over. Where it is rejected, so is the message.
 */
export const holdEnd = (mayEnd: Promise<unknown>) =>
  new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => {
      mayEnd.then(
        () => done(),
        (error: Error) => done(error),
      );
    },
  });
