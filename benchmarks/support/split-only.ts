import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { seconds } from "./time.ts";

/** csv-parse by itself on the same pieces: splits them into rows, as strictly as it does by default, and nothing else. */
export const splitOnly = (pieces: readonly Buffer[]): Promise<number> =>
  seconds(async () => {
    const parser = Readable.from(pieces).pipe(parse());
    parser.on("data", () => {});
    await new Promise((resolve, reject) => parser.once("end", resolve).once("error", reject));
  });
