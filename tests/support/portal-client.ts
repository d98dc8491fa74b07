import type { MusterProcess } from "./run-muster.ts";
import type { Answer } from "./tenant.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Somebody who calls the API of a running server as a browser does: with the cookie that it was given. */
export type PortalClient = {
  /** Calls the API below the tenant (`/users`), or below `/api/v1` for a path that begins with `//`. */
  call<Body = unknown>(method: Method, path: string, body?: unknown): Promise<Answer<Body>>;
  upload<Body = unknown>(
    path: string,
    files: { name: string; content: string | Buffer }[],
  ): Promise<Answer<Body>>;
};

export function portalClient(address: string, slug: string): PortalClient {
  let cookie = "";
  const send = async <Body>(
    method: Method,
    path: string,
    content?: { body: string | FormData; type?: string },
  ) => {
    const response = await fetch(
      `${address}/api/v1${path.startsWith("//") ? path.slice(1) : `/t/${slug}${path}`}`,
      {
        method,
        headers: { ...(cookie && { cookie }), ...(content?.type && { "content-type": content.type }) },
        ...(content && { body: content.body }),
      },
    );
    const [given] = response.headers.getSetCookie();
    if (given) cookie = given.split(";")[0] ?? "";
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: (json ? JSON.parse(text) : text) as Body,
    };
  };
  return {
    call: (method, path, body) =>
      send(
        method,
        path,
        body === undefined ? undefined : { body: JSON.stringify(body), type: "application/json" },
      ),
    upload: (path, files) => {
      const form = new FormData();
      for (const { name, content } of files) {
        form.append("files", new Blob([Buffer.from(content)], { type: "text/csv" }), name);
      }
      return send("POST", path, { body: form });
    },
  };
}

export const ownerPassword = "seven yellow bicycles";

/** Sets the installation up as its first visitor does, and answers its owner, signed in. */
export async function setUpTenant(muster: MusterProcess, slug: string): Promise<PortalClient> {
  const owner = portalClient(muster.address, slug);
  const answer = await owner.call("POST", "//setup", {
    secret: muster.setUpLink()?.split("#")[1],
    tenantName: `Tenant ${slug}`,
    slug,
    firstName: "Olga",
    lastName: "Owner",
    email: `olga@${slug}.example`,
    password: ownerPassword,
  });
  if (answer.status !== 201) throw new Error(`Set-up was refused: ${JSON.stringify(answer.body)}`);
  return owner;
}
