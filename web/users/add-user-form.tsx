import { Button, Checkbox, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { checkPassword } from "#server/features/credentials/password-rules.ts";
import type { GroupLabel } from "#server/features/groups/contract.ts";
import type { Language } from "#server/features/tenants/tenant-settings.ts";
import { addUser, newUser } from "#server/features/users/contract.ts";
import type { Role } from "#server/permissions.ts";
import { onItsWay } from "../messages/on-its-way.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import formClasses from "../ui/form.module.css";
import { Form } from "../ui/form.tsx";
import { GroupPicker } from "../ui/group-picker.tsx";
import { LanguageSelect } from "../ui/language-select.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { PanelFooter } from "../ui/side-panel.tsx";
import { tellWithButton } from "../ui/tell-with-button.tsx";
import { unchosen } from "../ui/typed-group.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { fullName } from "./person.ts";
import { RoleSelect } from "./role-select.tsx";

type Mode = "create" | "invite";
type Values = {
  mode: Mode;
  firstName: string;
  lastName: string;
  email: string;
  password: string;
  groups: readonly GroupLabel[];
  typedGroup: string;
  role: Role;
  language: Language | null;
};

const empty: Values = {
  mode: "create",
  firstName: "",
  lastName: "",
  email: "",
  password: "",
  groups: [],
  typedGroup: "",
  role: "member",
  language: null,
};

const request = ({ mode, password, groups, typedGroup: _, ...person }: Values) => {
  const who = { ...person, groupIds: groups.map((group) => group.id) };
  return mode === "create" ? { mode, password, ...who } : { mode, ...who };
};

/** The contract's own check; the password's rules as well while other fields still have problems. */
const check = (values: Values, minimum: number) => {
  const problems = {
    ...unchosen(values.typedGroup, values.groups),
    ...checkWith(newUser, request(values)),
  };
  const password =
    values.mode === "create" && values.password ? checkPassword(values.password, values, minimum) : undefined;
  return password ? { password, ...problems } : problems;
};

function useAddUser(groups: readonly GroupLabel[], onDone: () => void) {
  const tenant = useTenant();
  const navigate = useNavigate();
  const add = useCall(addUser);
  const me = useMe();
  const { passwordMinimum } = me.tenant;
  const [another, setAnother] = useState(false);
  const form = useForm<Values>({
    initial: { ...empty, groups },
    check: (values) => check(values, passwordMinimum),
    names: { groupIds: "groups" },
    cheap: ["mode"],
    send: async (values) => {
      const user = await add.mutateAsync({ params: { tenant }, body: request(values) });
      const open = () =>
        void navigate({ to: "/t/$tenant/users/$userId", params: { tenant, userId: user.id } });
      tellWithButton(
        `${fullName(user)} was ${values.mode === "create" ? "created" : "invited"}. ${onItsWay(me, "The email", user.email)}`,
        "Open",
        open,
      );
      void forget("users", "groups", "messages");
      if (!another) return onDone();
      form.restart({
        ...empty,
        mode: values.mode,
        groups: values.groups,
        role: values.role,
        language: values.language,
      });
      form.element.current?.querySelector<HTMLInputElement>('[name="firstName"]')?.focus();
    },
  });
  return { form, another, setAnother };
}

function whatIsSent({ mode, email }: Values, sendPasswords: boolean) {
  const goes = `One email goes to ${email.trim() || "this address"}`;
  if (mode === "invite") return `${goes} with a personal link to set a password and get in.`;
  if (sendPasswords)
    return `${goes} with the sign-in address and this password. It is temporary: it must be changed at the first sign-in.`;
  return `${goes} with a personal link to set a password: your organisation mails no passwords. The one you type is temporary and works too, if you tell them yourself.`;
}

type Props = { groups: readonly GroupLabel[]; onDone: () => void };

export function AddUserForm({ groups, onDone }: Props) {
  const me = useMe();
  const { form, another, setAnother } = useAddUser(groups, onDone);
  const { values, set } = form;
  const creating = values.mode === "create";
  return (
    <Form form={form} className={formClasses.panel}>
      <SegmentedControl
        fullWidth
        aria-label="How the user gets in"
        value={values.mode}
        onChange={(mode) => set("mode", mode as Mode)}
        data={[
          { value: "create", label: "Create User" },
          { value: "invite", label: "Invite User" },
        ]}
      />
      <div className={formClasses.pair}>
        <TextInput label="First name" autoComplete="off" data-autofocus {...form.field("firstName")} />
        <TextInput label="Last name" autoComplete="off" {...form.field("lastName")} />
      </div>
      <TextInput label="Email" type="email" inputMode="email" autoComplete="off" {...form.field("email")} />
      {creating && (
        <PasswordField
          label="Password"
          autoComplete="new-password"
          field={form.field("password")}
          about={values}
          minimum={me.tenant.passwordMinimum}
          whose="their"
          onGenerate={(password) => set("password", password)}
        />
      )}
      <GroupPicker
        value={values.groups}
        onChange={(next) => set("groups", next)}
        typed={values.typedGroup}
        onType={(text) => set("typedGroup", text)}
        onLeave={() => form.leave("groups")}
        error={form.error("groups")}
      />
      <RoleSelect
        roles={me.manageableRoles}
        value={values.role}
        onChange={(role) => set("role", role)}
        error={form.error("role")}
      />
      <LanguageSelect
        value={values.language}
        onChange={(language) => set("language", language)}
        error={form.error("language")}
      />
      <Text size="xs" c="dimmed" className={formClasses.note}>
        {whatIsSent(values, me.tenant.sendPasswords)}
      </Text>
      <PanelFooter>
        <Checkbox
          label="Add another"
          checked={another}
          onChange={(event) => setAnother(event.currentTarget.checked)}
        />
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={form.sending}>
          New User
        </Button>
      </PanelFooter>
    </Form>
  );
}
