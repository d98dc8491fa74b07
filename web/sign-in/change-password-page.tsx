import { Anchor, Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { checkPassword } from "#server/features/credentials/password-rules.ts";
import { changePassword, type Me } from "#server/features/sign-in/contract.ts";
import { useSignOut } from "../shell/person-menu.tsx";
import { useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { home, useMe } from "../shell/session.ts";
import { useShowLook } from "../shell/tenant-look.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { tell } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";

function useChangePassword(me: Me) {
  const tenant = useTenant();
  const { passwordMinimum: minimum } = me.tenant;
  const navigate = useNavigate();
  const changing = useCall(changePassword, { anonymous: true });
  return useForm({
    initial: { currentPassword: "", newPassword: "" },
    check: (values) => {
      const problem = values.newPassword ? checkPassword(values.newPassword, me, minimum) : undefined;
      return { ...(problem ? { newPassword: problem } : {}), ...checkWith(changePassword.body, values) };
    },
    send: async (body) => {
      const now = await changing.mutateAsync({ params: { tenant }, body });
      queryClient.setQueryData(["me", tenant], now);
      tell("Your password was changed. You are signed out everywhere else.");
      await navigate({ to: home(now), params: { tenant } });
    },
  });
}

/** Wanted, or needed: a temporary password must be changed before anything else can be reached. */
export function ChangePasswordPage() {
  const me = useMe();
  const form = useChangePassword(me);
  useShowLook(me.tenant);
  const forced = me.mustChangePassword;
  const intro = forced
    ? `${me.firstName}, the password you were given is temporary. Choose your own, and you are in.`
    : "You stay signed in here and are signed out everywhere else.";
  return (
    <CardPage
      owner={me.tenant.name}
      title={forced ? "Choose your own password" : "Change password"}
      intro={intro}
      footer={me.email}
    >
      <Form form={form}>
        <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
        <PasswordField
          label={forced ? "Password you were given" : "Current password"}
          autoComplete="current-password"
          autoFocus
          field={form.field("currentPassword")}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          about={me}
          minimum={me.tenant.passwordMinimum}
          field={form.field("newPassword")}
        />
        <Button type="submit" fullWidth loading={form.sending}>
          Change password
        </Button>
        <Leave forced={forced} me={me} />
      </Form>
    </CardPage>
  );
}

function Leave({ forced, me }: { forced: boolean; me: Me }) {
  const leave = useSignOut();
  const navigate = useNavigate();
  const go = () =>
    forced ? void leave() : void navigate({ to: home(me), params: { tenant: me.tenant.slug } });
  return (
    <Anchor component="button" type="button" size="sm" ta="center" onClick={go}>
      {forced ? "Sign out" : "Cancel"}
    </Anchor>
  );
}
