import { expect, it } from "vitest";
import { connectionOptions } from "./smtp-server.ts";

const requiresTls = (url: string) => connectionOptions(url, 1_000).requireTLS ?? false;

it.each([
  "smtp://user:password@mail.example.org:587",
  "smtp://user:password@mail:25",
  "smtp://user:password@203.0.113.9.example:25",
  "smtp://user:password@8.8.8.8:25",
  "smtp://user:password@[2a00:1450:4001::1]:25",
  "smtp://mail.example.org?requireTLS=true",
])("tells a login only over TLS: %s", (url) => {
  expect(requiresTls(url)).toBe(true);
});

it.each([
  "smtp://mail.example.org:25",
  "smtp://user:password@localhost:25",
  "smtp://user:password@127.0.0.1:25",
  "smtp://user:password@[::1]:25",
  "smtp://user:password@10.0.0.8:25",
  "smtp://user:password@192.168.1.8:25",
  "smtp://user:password@mail.example.org:25?requireTLS=false",
])("leaves it to the server where there is no login, it is near, or it is told to: %s", (url) => {
  expect(requiresTls(url)).toBe(false);
});

it("is TLS from the first byte with smtps", () => {
  expect(connectionOptions("smtps://user:password@mail.example.org", 1_000)).toMatchObject({ secure: true });
});

const asksForCertificate = (url: string) => connectionOptions(url, 1_000).tls?.rejectUnauthorized !== false;

it.each([
  "smtp://localhost:25",
  "smtp://user:password@127.0.0.1:587?requireTLS=true",
  "smtps://[::1]",
  "smtp://mail.example.org?tls.rejectUnauthorized=false",
])("takes any certificate of a server on this machine, or where it is told to: %s", (url) => {
  expect(asksForCertificate(url)).toBe(false);
});

it.each([
  "smtp://mail.example.org",
  "smtp://10.0.0.8",
  "smtp://127.0.0.1.example.org",
  "smtps://localhost.example.org",
  "smtp://localhost:25?tls.rejectUnauthorized=true",
])("has every other server prove itself by its certificate: %s", (url) => {
  expect(asksForCertificate(url)).toBe(true);
});
