import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { answerNotFound } from "#server/platform/http/answer-problem.ts";
import type { HttpServer } from "#server/platform/http/create-server.ts";

const webDir = join(import.meta.dirname, "../web/dist");

/** Serves the built portal: its files as they are, and its one page for every other address outside the API. */
export async function serveWeb(server: HttpServer): Promise<void> {
  if (!existsSync(join(webDir, "index.html"))) {
    server.setNotFoundHandler(answerNotFound);
    return;
  }
  await server.register(fastifyStatic, {
    root: webDir,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Built files carry a hash of their content in their names; the page itself is always asked for anew.
      reply.header(
        "cache-control",
        path.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable",
      );
    },
  });
  server.setNotFoundHandler((request, reply) => {
    const page =
      ["GET", "HEAD"].includes(request.method) &&
      !request.url.startsWith("/api/") &&
      !request.url.startsWith("/assets/");
    if (!page) return answerNotFound(request, reply);
    return reply.header("cache-control", "no-cache").sendFile("index.html");
  });
}
