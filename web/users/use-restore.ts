import { type DeletedUser, restoreUser } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { tell } from "../ui/toast.ts";
import { fullName } from "./person.ts";

/** Brings deleted people back, and says so. */
export function useRestore() {
  const tenant = useTenant();
  return async ({ id }: Pick<DeletedUser, "id">) => {
    const back = await call(restoreUser, { params: { tenant, userId: id } });
    const invited = back.status === "invited" ? " Their invitation was withdrawn: resend it." : "";
    await forget("users", "groups", "messages");
    tell(`${fullName(back)} is back.${invited}`);
  };
}
