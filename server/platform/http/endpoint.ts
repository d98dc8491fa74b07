import type { z } from "zod";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/**
 * One operation of the API as it crosses the wire. The server serves it, the browser and the command line call it,
 * OpenAPI documents it: all from this declaration. Safe to import in a browser.
 */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> = {
  method: Method;
  /** Below `/api/v1`, with `:name` for a parameter. */
  path: string;
  summary: string;
  params: Params;
  query: Query;
  body: Body;
  /** What the server answers when all went well; nothing else leaves it. */
  output: Output;
  status: 200 | 201 | 202 | 204;
  /** `application/json` unless said otherwise. Anything: then it is not parsed. */
  accepts?: "multipart/form-data" | "*/*";
  /** `application/json` unless said otherwise: then the output is a string, or bytes. */
  produces?:
    | "text/csv"
    | "application/json"
    | "image/*"
    | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  /** The problem codes (RFC 9457 `code`) this operation may answer with, beside those every operation has. */
  errors: readonly string[];
};

type Parts = Partial<Pick<Endpoint, "params" | "query" | "body" | "output" | "status">>;
type Schema<P extends Parts, K extends keyof Parts> = P[K] extends z.ZodType ? P[K] : z.ZodUndefined;

/** Declares an operation; schemas left out stand for "nothing". */
export function endpoint<const P extends Parts & Pick<Endpoint, "method" | "path" | "summary" | "errors">>(
  parts: P & Pick<Partial<Endpoint>, "accepts" | "produces">,
): Endpoint<Schema<P, "params">, Schema<P, "query">, Schema<P, "body">, Schema<P, "output">> {
  const { status = parts.output ? 200 : 204 } = parts;
  return { ...parts, status } as unknown as Endpoint<
    Schema<P, "params">,
    Schema<P, "query">,
    Schema<P, "body">,
    Schema<P, "output">
  >;
}
