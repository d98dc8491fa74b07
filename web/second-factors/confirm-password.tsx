import { Button, Text } from "@mantine/core";
import { confirmPassword } from "#server/features/sign-in/contract.ts";
import { useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { quietField } from "./quiet-field.ts";

/** Asks for the password again, before something that an open browser alone must not be enough for. */
export function ConfirmPassword({ onConfirmed }: { onConfirmed: () => void }) {
  const params = { tenant: useTenant() };
  const me = useMe();
  const confirm = useCall(confirmPassword);
  const form = useForm({
    initial: { password: "" },
    check: (values) => checkWith(confirmPassword.body, values),
    send: async (body) => {
      await confirm.mutateAsync({ params, body });
      onConfirmed();
    },
  });
  return (
    <Form form={form}>
      <Text>It is some time since you signed in. Enter your password to go on.</Text>
      <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        autoFocus
        field={quietField(form.field("password"))}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Go on
      </Button>
    </Form>
  );
}
