import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../api.ts";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiProblem;
    /** `anonymous`: a refusal is an answer to this request, and says nothing about the session. */
    queryMeta: { anonymous?: boolean };
    mutationMeta: { anonymous?: boolean };
  }
}

type Listener = (problem: ApiProblem) => void;
let listener: Listener = () => {};

/** Who is told when a request was refused because of the session: signed out, or something is to be done first. */
export const onSessionProblem = (tell: Listener) => {
  listener = tell;
};

const doneFirst = ["password.must_change", "second_factor.must_set_up"];

const sessionProblem = (problem: unknown, meta: { anonymous?: boolean } | undefined) => {
  if (!(problem instanceof ApiProblem) || meta?.anonymous) return;
  if (problem.status === 401 || doneFirst.includes(problem.code)) listener(problem);
  // Perhaps somebody else has signed in here meanwhile.
  if (problem.code === "permission.missing") void queryClient.invalidateQueries({ queryKey: ["me"] });
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (problem, query) => sessionProblem(problem, query.meta) }),
  mutationCache: new MutationCache({
    onError: (problem, _variables, _result, mutation) => sessionProblem(problem, mutation.meta),
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Only what may be different the next time is tried again: no answer, or the server's own fault.
      retry: (count, problem) => count < 2 && (problem.status === 0 || problem.status >= 500),
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
