import { queryOptions, useMutation } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Endpoint } from "#server/platform/http/endpoint.ts";
import { call, type Input, type Output } from "../api.ts";
import { queryClient } from "./query-client.ts";

/** The noun an operation is about, for throwing away what is known of it: `/t/:tenant/users/:userId` → users. */
const noun = (endpoint: Endpoint) => {
  const [, first = "", , second] = endpoint.path.split("/");
  return first === "t" ? (second ?? "") : first;
};

/** A read of the API as a query: the same question is asked once. */
export const read = <E extends Endpoint>(endpoint: E, input: Input<E>) =>
  queryOptions({
    queryKey: [noun(endpoint), endpoint.path, input] as const,
    queryFn: ({ signal }): Promise<Output<E>> => call(endpoint, input, signal),
  });

/**
 * After a change: whatever is on screen about these nouns is asked for again, what was recorded, as every change is, and
 * how the tenant stands.
 */
export const forget = (
  ...nouns: ("users" | "groups" | "imports" | "messages" | "me" | "portal" | "bulk-actions")[]
) =>
  Promise.all([...nouns, "audit", "home"].map((name) => queryClient.invalidateQueries({ queryKey: [name] })));

/** A change through the API. What it makes stale is named where it is used, by `forget`. */
export const useCall = <E extends Endpoint>(endpoint: E, meta: { anonymous?: boolean } = {}) =>
  useMutation({
    meta,
    mutationKey: [noun(endpoint)],
    mutationFn: (input: Input<E>): Promise<Output<E>> => call(endpoint, input),
  });

/** Is a change of this noun on its way that the server has not answered yet? */
export const isChanging = (noun: string) => queryClient.isMutating({ mutationKey: [noun] }) > 0;

export const useTenant = (): string => useParams({ strict: false }).tenant ?? "";
