import { createServer } from "#server/platform/http/create-server.ts";
import type { Installation } from "./open-installation.ts";
import type { Route } from "./route.ts";
import { serveRoutes } from "./serve-routes.ts";
import { serveWeb } from "./serve-web.ts";
import { version } from "./version.ts";

/** The HTTP server of an installation, ready to listen or to be asked directly (tests). */
export async function buildHttp(installation: Installation, routes: readonly Route[]) {
  const { database, instance, log } = installation;
  const { config } = instance;
  const server = await createServer({
    logger: log,
    trustProxy: config.trustProxy,
    secure: config.secureCookies,
    maxFileBytes: config.importMaxBytes,
    api: {
      title: "Muster",
      version,
      description: "The API of Muster, a people portal. Errors are RFC 9457 problem details.",
    },
  });
  serveRoutes(server, routes, { database, instance, log });
  server.get("/api/openapi.json", { schema: { hide: true } }, async () => server.swagger());
  server.get("/api/health", { schema: { hide: true } }, async () => {
    await database.asSystem("is the database there?", (tx) => tx.rows("select 1"));
    return { status: "ok", version };
  });
  await serveWeb(server);
  await server.ready();
  return server;
}
