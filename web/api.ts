import type { z } from "zod";
import type { Endpoint } from "#server/platform/http/endpoint.ts";
import type { Problem } from "#server/platform/http/problem.ts";

type Part<Key extends string, Schema extends z.ZodType> =
  undefined extends z.input<Schema>
    ? { [K in Key]?: undefined }
    : Record<string, never> extends z.input<Schema>
      ? { [K in Key]?: z.input<Schema> }
      : { [K in Key]: z.input<Schema> };

/** What an operation must be given: only the parts its contract declares. */
export type Input<E extends Endpoint> = Part<"params", E["params"]> &
  Part<"query", E["query"]> &
  Part<"body", E["body"]>;
export type Output<E extends Endpoint> = z.output<E["output"]>;

type Parts = { params?: unknown; query?: unknown; body?: unknown };

/** What the server, or the way to it, answered instead of the result. `detail` is written for people. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  status: number;
  code: string;
  detail: string;
  fields: Record<string, string>;
  retryAfter: number | undefined;

  constructor(problem: Pick<Problem, "status" | "code" | "detail"> & Partial<Problem>) {
    super(`${problem.code}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.fields = problem.fields ?? {};
    this.retryAfter = problem.retryAfter;
  }
}

const unreachable = () =>
  new ApiProblem({
    status: 0,
    code: "unreachable",
    detail: "Muster cannot be reached. Check your connection, then try again.",
  });

/** The address of an operation, also for a download link. */
export function address(endpoint: Endpoint, input: Parts = {}): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return `/api/v1${path}${query.size ? `?${query}` : ""}`;
}

/** Makes an ApiProblem of whatever came back, also where it is not a problem document (a proxy's page, say). */
function problemOf(status: number, text: string, retryAfter: string | null): ApiProblem {
  let body: Partial<Problem> = {};
  try {
    body = JSON.parse(text) as Partial<Problem>;
  } catch {
    // Not ours: the status has to speak.
  }
  const seconds = body.retryAfter ?? (retryAfter ? Number(retryAfter) : Number.NaN);
  return new ApiProblem({
    status,
    code: body.code ?? `http_${status}`,
    detail:
      body.detail ?? "Something went wrong on the server. Try again; if it stays, tell whoever runs Muster.",
    ...(body.fields ? { fields: body.fields } : {}),
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
  });
}

async function ask(endpoint: Endpoint, input: Parts, signal?: AbortSignal): Promise<Response> {
  const { body } = input;
  const response = await fetch(address(endpoint, input), {
    method: endpoint.method,
    credentials: "same-origin",
    headers: {
      accept: endpoint.produces ?? "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    throw signal?.aborted ? cause : unreachable();
  });
  if (response.ok) return response;
  throw problemOf(response.status, await response.text(), response.headers.get("retry-after"));
}

/** Calls one operation of the API. Throws an `ApiProblem`. */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  signal?: AbortSignal,
): Promise<Output<E>> {
  const text = await (await ask(endpoint, input as Parts, signal)).text();
  return (text ? JSON.parse(text) : undefined) as Output<E>;
}

/** So long a browser may take to save what it was handed. */
const savedWithinMs = 60_000;

/**
 * Has the browser save what an operation answers, for one that needs more said than fits into a link's address. A file that
 * breaks off is not saved. Throws an `ApiProblem`.
 */
export async function save<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void> {
  const response = await ask(endpoint, input as Parts);
  const content = await response.blob().catch(() => {
    throw unreachable();
  });
  const named = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = named ?? "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), savedWithinMs);
}

type UploadOptions = { files: readonly File[]; onProgress: (share: number) => void; signal?: AbortSignal };

/** Sends files to an operation that takes them. XMLHttpRequest, because fetch cannot tell how far an upload is. */
export function upload<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  options: UploadOptions,
): Promise<Output<E>> {
  const form = new FormData();
  for (const file of options.files) form.append("files", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(endpoint.method, address(endpoint, input as Parts));
    request.setRequestHeader("accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("Stopped", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300)
        resolve(JSON.parse(request.responseText) as Output<E>);
      else reject(problemOf(request.status, request.responseText, request.getResponseHeader("retry-after")));
    };
    options.signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
