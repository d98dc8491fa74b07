/** What is wrong in words for the person at the terminal; shown without a stack trace. */
export class Failure extends Error {}

/** Runs a script's `main` and ends the process with the code it resolves with. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}
