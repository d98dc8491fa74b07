import { changeMembers, type Group } from "#server/features/groups/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { tellWithUndo } from "../ui/tell-with-undo.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { fullName } from "../users/person.ts";

/** Takes one member out of a group, and offers to put them back. */
export function useRemoveMember(group: Group) {
  const params = { tenant: useTenant(), groupId: group.id };
  return async (user: User) => {
    const name = fullName(user);
    const change = async (body: { add: string[] } | { remove: string[] }) => {
      await call(changeMembers, { params, body });
      await forget("groups", "users");
    };
    const putBack = async () => {
      await change({ add: [user.id] });
      tell(`${name} is in ${group.name} again.`);
    };
    try {
      await change({ remove: [user.id] });
      tellWithUndo(`${name} is no longer in ${group.name}.`, putBack);
    } catch (problem) {
      tellProblem(problem);
    }
  };
}
