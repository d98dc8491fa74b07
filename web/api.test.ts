import { afterEach, expect, it, vi } from "vitest";
import { getUser, listUsers } from "#server/features/users/contract.ts";
import { ApiProblem, address, call } from "./api.ts";

afterEach(() => vi.unstubAllGlobals());
const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
  vi.stubGlobal("fetch", async () => new Response(body, { status, headers }));
const params = { tenant: "north", userId: "0195c0de-0000-7000-8000-000000000000" };

it("makes addresses of contracts, without what was not asked for", () => {
  const query = { search: "eva & co", status: undefined };
  expect(address(listUsers, { params: { tenant: "north" }, query })).toBe(
    "/api/v1/t/north/users?search=eva+%26+co",
  );
});

it("turns problem details into an ApiProblem", async () => {
  const fields = { email: "Eva is here already." };
  answer(409, JSON.stringify({ code: "user.email_taken", detail: "Taken.", fields }), {
    "retry-after": "30",
  });
  const problem = await call(getUser, { params }).catch((caught: unknown) => caught);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({
    status: 409,
    code: "user.email_taken",
    detail: "Taken.",
    fields,
    retryAfter: 30,
  });
});

it("has words for an answer that is not ours, and for none at all", async () => {
  answer(502, "<html>Bad gateway</html>");
  await expect(call(getUser, { params })).rejects.toMatchObject({ status: 502, code: "http_502" });
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("fetch failed");
  });
  await expect(call(getUser, { params })).rejects.toMatchObject({ status: 0, code: "unreachable" });
});
