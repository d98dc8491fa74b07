import { Button } from "@mantine/core";
import { useState } from "react";
import { checkPassword } from "#server/features/credentials/password-rules.ts";
import { followLink } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { useCall, useTenant } from "../shell/queries.ts";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { Dead } from "./link-page.tsx";
import { plainly } from "./plainly.ts";
import { useEnter } from "./use-enter.ts";
import { usePortal } from "./use-portal.ts";

type Props = {
  token: string;
  person: { email: string; firstName: string; lastName: string; purpose: string };
};

export function LinkForm({ token, person }: Props) {
  const tenant = useTenant();
  const portal = usePortal();
  const minimum = portal.data?.passwordMinimum;
  const enter = useEnter();
  const [deadOf, setDeadOf] = useState("");
  const follow = useCall(followLink, { anonymous: true });
  const form = useForm({
    initial: { password: "" },
    check: ({ password }) => {
      const problem = password ? checkPassword(password, person, minimum) : undefined;
      return problem ? { password: problem } : checkWith(followLink.body, { token, password });
    },
    send: async ({ password }) => {
      try {
        await enter(await follow.mutateAsync({ params: { tenant }, body: { token, password } }));
      } catch (problem) {
        // Used or withdrawn while this page was open.
        if (problem instanceof ApiProblem && problem.code.startsWith("link.")) return setDeadOf(problem.code);
        throw problem instanceof ApiProblem ? plainly(problem) : problem;
      }
    },
  });
  if (deadOf) return <Dead owner={portal.data?.name} code={deadOf} token={token} />;
  return (
    <Form form={form}>
      {/* Lets a password manager store the password under the right name. */}
      <input type="email" name="email" autoComplete="username" value={person.email} readOnly hidden />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        autoFocus
        about={person}
        {...(minimum && { minimum })}
        field={form.field("password")}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        {person.purpose === "invitation" ? "Set password and sign in" : "Save and sign in"}
      </Button>
    </Form>
  );
}
