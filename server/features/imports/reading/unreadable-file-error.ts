import type { FileProblem } from "./types.ts";

/** The whole file is refused: `problem` says why, for the person who chose it. */
export class UnreadableFileError extends Error {
  override name = "UnreadableFileError";
  problem: FileProblem;

  constructor(problem: FileProblem) {
    super(problem.message);
    this.problem = problem;
  }
}
