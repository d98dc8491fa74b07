import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { v7 as uuid } from "uuid";
import { answerProblem } from "./answer-problem.ts";
import { refuseForeignOrigin } from "./refuse-foreign-origin.ts";

export type ServerOptions = {
  logger: FastifyBaseLogger;
  trustProxy: string[];
  secure: boolean;
  maxFileBytes: number;
  api: { title: string; version: string; description: string };
};

/** A Fastify server with our security headers, limits, problem details and OpenAPI; routes are added by the caller. */
export async function createServer(options: ServerOptions) {
  const server = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy.length > 0 ? options.trustProxy : false,
    genReqId: () => uuid(),
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 0,
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(answerProblem);
  server.addHook("onRequest", refuseForeignOrigin);
  await server.register(helmet, helmetOptions(options.secure));
  await server.register(cookie);
  await server.register(multipart, {
    limits: { fileSize: options.maxFileBytes, files: 20, fields: 10, parts: 30, headerPairs: 50 },
    throwFileSizeLimit: false,
  });
  await server.register(swagger, {
    openapi: { openapi: "3.1.0", info: options.api, servers: [{ url: "/api/v1" }] },
    transform: jsonSchemaTransform,
  });
  return server;
}
export type HttpServer = Awaited<ReturnType<typeof createServer>>;

const helmetOptions = (secure: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // Mantine writes its theme into style elements; no style can run code here.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
  referrerPolicy: { policy: "no-referrer" as const },
  xFrameOptions: { action: "deny" as const },
});
