import type { FastifyRequest } from "fastify";
import { ProblemError } from "#server/platform/errors.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change asked for by a page of another site, beside SameSite cookies: by Fetch Metadata where the browser
 * sends it, else by Origin. Programs send neither.
 */
export async function refuseForeignOrigin(request: FastifyRequest) {
  if (safe.has(request.method)) return;
  const site = request.headers["sec-fetch-site"];
  const { origin, host } = request.headers;
  const foreign = site
    ? site !== "same-origin" && site !== "none"
    : origin !== undefined && hostOf(origin) !== host;
  if (foreign) throw new ProblemError(403, "request.foreign_origin", "This request came from another site.");
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);
