import { expect, it } from "vitest";
import { isLocalVisitor } from "./local-visitor.ts";

const visit = (
  headers: Record<string, string>,
  socketAddress = "127.0.0.1",
  publicUrl = "http://localhost:3000",
) => isLocalVisitor({ publicUrl, socketAddress, headers: { host: "localhost:3000", ...headers } });

it("is not local where people reach Muster by another name: a proxy that adds no header stands before it", () => {
  expect(visit({}, "127.0.0.1", "https://people.example.org")).toBe(false);
  expect(visit({}, "127.0.0.1", "http://127.0.0.1:8080")).toBe(true);
});

it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.0.2"])("takes %s for this machine", (address) => {
  expect(visit({}, address)).toBe(true);
});
it.each(["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "", "127.evil", "192.168.1.5"])(
  "does not take %s",
  (address) => {
    expect(visit({}, address)).toBe(false);
  },
);
it.each(["localhost", "127.0.0.1:3000", "[::1]:3000"])("is reached as %s", (host) => {
  expect(visit({ host })).toBe(true);
});
it.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "muster.example:3000", ""])(
  "is not reached as %s",
  (host) => {
    expect(visit({ host })).toBe(false);
  },
);
it.each([
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "forwarded",
  "via",
  "x-real-ip",
  "cf-connecting-ip",
  "true-client-ip",
  "X-Forwarded-For",
  "x-client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "x-amzn-trace-id",
])("is not visited through a proxy that says %s", (name) => {
  expect(visit({ [name]: "127.0.0.1" })).toBe(false);
});
