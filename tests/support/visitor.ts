import { begunCookieName, challengeCookieName, cookieName } from "#server/features/sign-in/session-cookie.ts";
import type { TestInstallation } from "./installation.ts";
import type { Answer } from "./tenant.ts";

type From = {
  /** The address the request comes from. */
  ip?: string;
  headers?: Record<string, string>;
  /** A session to begin with. */
  cookie?: string;
};

export type Visitor = {
  /** Calls the API below the tenant (`/users`), or below `/api/v1` for a path that begins with `//`. */
  call<Body = unknown>(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>>;
  signIn(email: string, password: string): Promise<Answer>;
  /** The session this browser has now, as a Cookie header. */
  cookie(): string;
};

/** A browser at a tenant's portal: it keeps the session, the sign-in it has begun, and what a passkey is to sign. */
export function visitor(installation: TestInstallation, slug: string, from: From = {}): Visitor {
  const { config } = installation.instance;
  const names = [cookieName, begunCookieName, challengeCookieName].map((name) => name(slug, config));
  const kept = new Map([[cookieName(slug, config), from.cookie ?? ""]]);
  const cookies = () => names.flatMap((name) => kept.get(name) || []).join("; ");
  const call: Visitor["call"] = async (method, path, body) => {
    const response = await installation.http.inject({
      method,
      url: `/api/v1${path.startsWith("//") ? path.slice(1) : `/t/${slug}${path}`}`,
      headers: { ...from.headers, ...(cookies() && { cookie: cookies() }) },
      ...(from.ip && { remoteAddress: from.ip }),
      ...(body !== undefined && { payload: body as object }),
    });
    for (const { name, value } of response.cookies) kept.set(name, value && `${name}=${value}`);
    const json = String(response.headers["content-type"] ?? "").includes("json");
    return {
      status: response.statusCode,
      headers: response.headers,
      body: json ? response.json() : (response.body as never),
    };
  };
  return {
    call,
    signIn: (email, password) => call("POST", "/session", { email, password }),
    cookie: () => kept.get(cookieName(slug, config)) ?? "",
  };
}
