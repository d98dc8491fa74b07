import { useRouter } from "@tanstack/react-router";
import type { SignedIn } from "#server/features/sign-in/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { becomes, home } from "../shell/session.ts";
import { wayIn } from "./way-in.ts";

/** Where somebody goes once they are in, or to their second factor. */
export function useEnter() {
  const router = useRouter();
  const tenant = useTenant();
  const params = { tenant };
  return async (answer: SignedIn, to?: string) => {
    const wanted = wayIn(to, tenant);
    const search = wanted ? { to: wanted } : {};
    if ("secondFactor" in answer)
      return router.navigate({ to: "/t/$tenant/second-factor", params, search, replace: true });
    becomes(tenant, answer);
    if (answer.mustChangePassword)
      return router.navigate({ to: "/t/$tenant/change-password", params, replace: true });
    if (answer.mustSetUpSecondFactor)
      return router.navigate({ to: "/t/$tenant/set-up-second-factor", params, search, replace: true });
    if (wanted) return router.history.replace(wanted);
    return router.navigate({ to: home(answer), params, replace: true });
  };
}
