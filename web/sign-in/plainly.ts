import { ApiProblem } from "../api.ts";
import { duration } from "../ui/time.ts";

/** One answer for whatever was wrong; how long to wait where there were too many tries. */
export function plainly(problem: ApiProblem): ApiProblem {
  const { code, retryAfter } = problem;
  if (code !== "throttled" || !retryAfter) return problem;
  const detail = `Too many tries. You can try again in ${duration(retryAfter)}.`;
  return new ApiProblem({ status: problem.status, code, detail });
}
