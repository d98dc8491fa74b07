import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteRequests, requestsFirst } from "./requests-first.ts";

const server = Fastify();
const order: string[] = [];
let came = Promise.withResolvers<void>();
let answer = Promise.withResolvers<string>();
beforeAll(async () => {
  noteRequests(server);
  server.get("/", (_request, reply) => {
    reply.raw.once("finish", () => order.push("answered"));
    came.resolve();
    return answer.promise;
  });
  await server.listen({ port: 0 });
});
afterAll(() => server.close());

async function ask() {
  [came, answer] = [Promise.withResolvers(), Promise.withResolvers()];
  const response = fetch(`http://localhost:${(server.server.address() as AddressInfo).port}/`);
  await came.promise;
  return response;
}

const work = () => requestsFirst().then(() => order.push("work"));

test("with no request in hand background work goes on", async () => {
  await work();
  expect(order.splice(0)).toEqual(["work"]);
});

test("a request that is answered soon is answered first", async () => {
  const response = ask();
  await came.promise;
  const done = work();
  setImmediate(() => answer.resolve("done"));
  await Promise.all([response, done]);
  expect(order.splice(0)).toEqual(["answered", "work"]);
});

test("a request that takes its time holds up nobody for long", async () => {
  const response = ask();
  await came.promise;
  await work();
  answer.resolve("done");
  await response;
  expect(order.splice(0)).toEqual(["work", "answered"]);
});
