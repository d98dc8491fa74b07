import { ProblemError } from "#server/platform/errors.ts";

export const mostFiles = 20;
/** Imports of a tenant that are not applied yet: each may hold as much as the largest file. */
export const mostOpen = 10;

export const noFile = () =>
  new ProblemError(400, "import.no_file", "Choose a file first. Nothing was imported.");
export const tooManyFiles = () =>
  new ProblemError(
    400,
    "import.too_many_files",
    `An import takes at most ${mostFiles} files. Nothing was imported.`,
  );
export const tooManyOpen = () =>
  new ProblemError(
    409,
    "import.too_many_open",
    `${mostOpen} imports are waiting already. Import or cancel one of them, then choose the file again. Nothing was imported.`,
  );
export const givenUp = () =>
  new ProblemError(
    409,
    "import.upload_given_up",
    "The upload stood still for too long and was given up. Nothing was imported. Choose the file again.",
  );
export const tooLargeTogether = (most: number) =>
  new ProblemError(
    413,
    "import.file_too_large",
    `The files together are larger than ${most / 1024 / 1024} MiB. Import them one after the other. Nothing was imported.`,
  );
export const tooLarge = (name: string, most: number) =>
  new ProblemError(
    413,
    "import.file_too_large",
    `${name} is larger than ${most / 1024 / 1024} MiB. Split it into several files. Nothing was imported.`,
  );

const brokenOff = () =>
  new ProblemError(
    400,
    "import.upload_broken",
    "The upload broke off, or it is no form with files. Choose the file again. Nothing was imported.",
  );

/** The parser of forms knows these by their words only. */
const brokenForm =
  /unexpected end of multipart data|^Multipart: Boundary not found|^Unsupported Content-Type/i;

/** What to say of an upload that failed: the parser's own errors are about what was sent, and not failures of ours. */
export function uploadProblem(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProblemError) return error;
  if ("code" in error && error.code === "FST_FILES_LIMIT") return tooManyFiles();
  return brokenForm.test(error.message) ? brokenOff() : error;
}
