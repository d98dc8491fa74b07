type Options = {
  /** Path of a field of the request → what to mend there. */
  fields?: Record<string, string>;
  /** Should somebody be paged? */
  reportable?: boolean;
  retryAfterSeconds?: number;
  cause?: unknown;
};

/** The one error of the product: a stable code, a status, and words for the person who made the request. */
export class ProblemError extends Error {
  override name = "ProblemError";
  code: string;
  status: number;
  fields: Record<string, string> | undefined;
  reportable: boolean;
  retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, detail: string, options: Options = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.fields = options.fields;
    this.reportable = options.reportable ?? status >= 500;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const notFound = (what: string) => new ProblemError(404, "not_found", `There is no such ${what}.`);

/** Somebody else changed the thing since it was read (optimistic concurrency). */
export const changedMeanwhile = (what: string) =>
  new ProblemError(
    409,
    "changed_meanwhile",
    `Somebody else changed this ${what} since you opened it. Look at it as it is now, then make your change again.`,
  );
