import { useState } from "react";
import {
  createGroup,
  type Group,
  getGroup,
  groupInput,
  updateGroup,
} from "#server/features/groups/contract.ts";
import { call } from "../api.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import {
  changedSince,
  type FieldWords,
  rebased,
  type TheirChange,
  theirChanges,
} from "../ui/changes-between.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";

export type GroupValues = Pick<Group, "name" | "description" | "active" | "protected">;

const text = (value: string) => value || "empty";
const onOrOff = (value: boolean) => (value ? "on" : "off");
export const groupWords: FieldWords<GroupValues> = {
  name: { label: "name", say: text },
  description: { label: "description", say: text },
  active: { label: "active", say: onOrOff },
  protected: { label: "protection", say: onOrOff },
};

const valuesOf = ({ name, description, active, protected: kept }: Group): GroupValues => ({
  name,
  description,
  active,
  protected: kept,
});
const none: GroupValues = { name: "", description: "", active: true, protected: false };

const check = ({ name, description, active }: GroupValues) =>
  checkWith(groupInput, { name, description, active });

/** The form of a new group, or of one that was opened; what somebody else changed meanwhile is shown and kept. */
export function useGroupForm(opened: Group | null, onClose: () => void) {
  const tenant = useTenant();
  const create = useCall(createGroup);
  const update = useCall(updateGroup);
  const [base, setBase] = useState(opened);
  const [theirs, setTheirs] = useState<TheirChange<keyof GroupValues>[]>();
  const form = useForm<GroupValues>({
    initial: opened ? valuesOf(opened) : none,
    check,
    send: async (values) => {
      const { protected: _, ...input } = values;
      const saved = base
        ? await save(base, values)
        : await create.mutateAsync({ params: { tenant }, body: input });
      if (saved) tell(`${saved.name} was ${base ? "changed" : "created"}.`);
      void forget("groups", "users");
      onClose();
    },
  });
  const save = (group: Group, values: GroupValues) => {
    const changed = changedSince(groupWords, valuesOf(group), values);
    if (Object.keys(changed).length === 0) return undefined;
    const params = { tenant, groupId: group.id };
    return update.mutateAsync({ params, body: { ...changed, version: group.version } });
  };
  const reload = async () => {
    if (!base) return;
    try {
      const now = await call(getGroup, { params: { tenant, groupId: base.id } });
      const was = { base: valuesOf(base), theirs: valuesOf(now) };
      setTheirs(theirChanges(groupWords, was.base, was.theirs));
      form.restart(rebased(groupWords, form.values, was), was.theirs);
      setBase(now);
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return { form, saved: base ? valuesOf(base) : none, theirs, reload };
}
