import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { type DatabaseTrouble, databaseTrouble } from "#server/platform/db/database-trouble.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Problem } from "./problem.ts";

/** Turns whatever was thrown into RFC 9457 problem details. What is not ours is logged, never worded to the client. */
export function answerProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error, request);
  if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, "request failed");
  if (problem.retryAfter !== undefined) reply.header("retry-after", problem.retryAfter);
  return send(reply, problem);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  return send(reply, make(404, "not_found", "There is nothing at this address.", request));
}

const send = (reply: FastifyReply, problem: Problem) =>
  reply
    .code(problem.status)
    .type("application/problem+json; charset=utf-8")
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problem);

function problemOf(error: FastifyError | Error, request: FastifyRequest): Problem {
  if (error instanceof ProblemError) {
    return {
      ...make(error.status, error.code, error.message, request),
      ...(error.fields && { fields: error.fields }),
      ...(error.retryAfterSeconds !== undefined && { retryAfter: error.retryAfterSeconds }),
    };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = Object.fromEntries(
      error.validation.map((issue) => [
        issue.instancePath.split("/").filter(Boolean).join("."),
        issue.message ?? "Look at this again.",
      ]),
    );
    return { ...make(400, "request.invalid", describe(fields), request), fields };
  }
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  if (status >= 400 && status < 500) return make(status, `request.${codeOf(error)}`, error.message, request);
  if (isUnstorable(error)) {
    return make(
      400,
      "request.invalid",
      "Something in this request cannot be stored: a NUL character, half of a character, or a number that is too large.",
      request,
    );
  }
  const trouble = databaseTrouble(error);
  if (trouble) {
    const { status, code, detail, retryAfter } = troubles[trouble];
    return { ...make(status, code, detail, request), retryAfter };
  }
  return make(
    500,
    "internal",
    "Something went wrong on our side. Nothing was changed. Whoever runs Muster finds the reason in its log under the request's id.",
    request,
  );
}

const troubles: Record<DatabaseTrouble, Pick<Problem, "status" | "code" | "detail" | "retryAfter">> = {
  away: {
    status: 503,
    code: "database.unavailable",
    detail: "Muster cannot reach its database right now. Nothing was changed; try again in a moment.",
    retryAfter: 5,
  },
  disk_full: {
    status: 507,
    code: "database.disk_full",
    detail:
      "The disk of Muster's database is full. Nothing was changed. Whoever runs Muster has to make room; then try again.",
    retryAfter: 60,
  },
  out_of_memory: {
    status: 503,
    code: "database.out_of_memory",
    detail: "Muster's database has run out of memory. Nothing was changed; try again in a minute.",
    retryAfter: 60,
  },
};

/** What PostgreSQL says of text with a NUL character, and of numbers and times out of range. */
const unstorable = new Set(["22021", "22P05", "22003", "22008", "22007", "22009"]);

/** Half of a character, as JSON can write it, has no code of its own. */
const isUnstorable = (error: FastifyError | Error) =>
  "code" in error &&
  (unstorable.has(String(error.code)) ||
    (error.code === "22P02" && "detail" in error && /surrogate/.test(String(error.detail))));

const describe = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([path, message]) => (path ? `${path}: ${message}` : message))
    .join(" ");

const codeOf = (error: FastifyError | Error) =>
  ("code" in error && typeof error.code === "string" ? error.code : "refused")
    .replace(/^FST_(ERR_)?/, "")
    .toLowerCase();

const make = (status: number, code: string, detail: string, request: FastifyRequest): Problem => ({
  type: code,
  title: STATUS_CODES[status] ?? "Problem",
  status,
  code,
  detail,
  requestId: request.id,
});
