import { Button, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { getUser, type User, updateUser } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import type { TheirChange } from "../ui/changes-between.ts";
import formClasses from "../ui/form.module.css";
import { Form } from "../ui/form.tsx";
import { GroupPicker } from "../ui/group-picker.tsx";
import { LanguageSelect } from "../ui/language-select.tsx";
import { PanelFooter } from "../ui/side-panel.tsx";
import { TheirChanges } from "../ui/their-changes.tsx";
import { tell, tellProblem } from "../ui/toast.ts";
import { unchosen } from "../ui/typed-group.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { fullName } from "./person.ts";
import { RoleSelect } from "./role-select.tsx";
import { UserAccess } from "./user-access.tsx";
import { changesOfOthers, changesSince, type Edited, editedOf, rebase } from "./user-changes.ts";

type Values = Edited & { typedGroup: string };

const check = ({ groups, typedGroup, ...person }: Values) => {
  const body = { ...person, version: 0, addGroupIds: groups.map((group) => group.id) };
  return { ...unchosen(typedGroup, groups), ...checkWith(updateUser.body, body) };
};

/** The form, and what to do when somebody else changed the same user while it was open. */
function useEditUser(opened: User, onClose: () => void) {
  const params = { tenant: useTenant(), userId: opened.id };
  const update = useCall(updateUser);
  const [base, setBase] = useState(opened);
  const [theirs, setTheirs] = useState<TheirChange<keyof Edited>[]>();
  const form = useForm<Values>({
    initial: { ...editedOf(opened), typedGroup: "" },
    check,
    names: { addGroupIds: "groups", removeGroupIds: "groups" },
    send: async (values) => {
      const { nothing, body } = changesSince(editedOf(base), values);
      if (nothing) return onClose();
      const saved = await update.mutateAsync({ params, body: { ...body, version: base.version } });
      void forget("users", "groups", "messages", "me");
      tell(`${fullName(saved)} was changed.`);
      onClose();
    },
  });
  const reload = async () => {
    try {
      const now = await call(getUser, { params });
      setTheirs(changesOfOthers(editedOf(base), editedOf(now)));
      const { typedGroup } = form.values;
      const rebased = rebase(editedOf(base), form.values, editedOf(now));
      form.restart({ ...rebased, typedGroup }, { ...editedOf(now), typedGroup: "" });
      setBase(now);
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return { form, base, reload, theirs };
}

type Props = { opened: User; onClose: () => void; onDeleted: () => void };

export function EditUserForm({ opened, onClose, onDeleted }: Props) {
  const me = useMe();
  const { form, base, reload, theirs } = useEditUser(opened, onClose);
  const { values, set } = form;
  return (
    <Form
      form={form}
      className={formClasses.panel}
      remedy={(problem) =>
        problem.code === "changed_meanwhile" && (
          <Button mt="xs" size="xs" variant="default" onClick={() => void reload()}>
            Load their changes, keep mine
          </Button>
        )
      }
    >
      {theirs && !form.general && (
        <TheirChanges
          changes={theirs}
          differs={(field) => changesOfOthers(editedOf(base), values).some((own) => own.field === field)}
          onTake={(field) => set(field, editedOf(base)[field])}
        />
      )}
      <div className={formClasses.pair}>
        <TextInput
          label="First name"
          autoComplete="off"
          // The panel opened before its form was there.
          autoFocus
          data-autofocus
          {...form.field("firstName")}
        />
        <TextInput label="Last name" autoComplete="off" {...form.field("lastName")} />
      </div>
      <TextInput label="Email" type="email" inputMode="email" autoComplete="off" {...form.field("email")} />
      {values.email.trim() !== base.email && (
        <Text size="xs" c="dimmed" className={formClasses.note}>
          From now on they sign in with the new address. {base.email} no longer works.
          {base.invitation === "pending" &&
            " They get a new invitation at the new address; the old link is of no use."}
        </Text>
      )}
      <GroupPicker
        value={values.groups}
        onChange={(next) => set("groups", next)}
        typed={values.typedGroup}
        onType={(text) => set("typedGroup", text)}
        onLeave={() => form.leave("groups")}
        error={form.error("groups")}
      />
      {may(me, "users.change_role") && me.id !== base.id && (
        <RoleSelect
          roles={me.manageableRoles}
          value={values.role}
          onChange={(role) => set("role", role)}
          error={form.error("role")}
        />
      )}
      <LanguageSelect
        value={values.language}
        onChange={(language) => set("language", language)}
        error={form.error("language")}
      />
      <UserAccess user={base} onDeleted={onDeleted} onChanged={onClose} />
      <PanelFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={form.sending}>
          Save
        </Button>
      </PanelFooter>
    </Form>
  );
}
