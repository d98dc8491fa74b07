import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getOwnFactors, type OwnFactors } from "#server/features/second-factors/contract.ts";
import type { Way } from "#server/features/second-factors/shapes.ts";
import { askOwnPasskey, confirmPassword, factorNeeded } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { Form } from "../ui/form.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { GiveFactor, OtherWays, wayOf, wayWords } from "./give-factor.tsx";
import { quietField } from "./quiet-field.ts";

type Props = { onConfirmed: () => void };

/** Asks again for all that signing in asks for, before something that an open browser alone must not be enough for. */
export function ConfirmPassword({ onConfirmed }: Props) {
  const [password, setPassword] = useState<string | null>(null);
  return password === null ? (
    <AskPassword onConfirmed={onConfirmed} onRight={setPassword} />
  ) : (
    <AskFactor onConfirmed={onConfirmed} password={password} />
  );
}

/** `onRight`: it is the password, and its owner has a second factor as well. */
function AskPassword({ onConfirmed, onRight }: Props & { onRight: (password: string) => void }) {
  const params = { tenant: useTenant() };
  const me = useMe();
  const confirm = useCall(confirmPassword);
  const form = useForm({
    initial: { password: "" },
    check: (values) => checkWith(confirmPassword.body, values),
    send: async (body) => {
      try {
        await confirm.mutateAsync({ params, body });
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.code === factorNeeded) return onRight(body.password);
        throw problem;
      }
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

function AskFactor({ onConfirmed, password }: Props & { password: string }) {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getOwnFactors, { params }));
  const [chosen, choose] = useState<Way | null>(null);
  const ask = useCall(askOwnPasskey);
  const confirm = useCall(confirmPassword);
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return <Skeleton h={96} animate={false} />;
  const ways = waysOf(data);
  const way = wayOf(ways, chosen);
  return (
    <Stack gap="md">
      <Text>
        {wayWords[way].title}. {wayWords[way].intro}
      </Text>
      <GiveFactor
        way={way}
        verb="Go on"
        ask={() => ask.mutateAsync({ params })}
        give={async (factor) => {
          await confirm.mutateAsync({ params, body: { password, secondFactor: await factor() } });
          onConfirmed();
        }}
      />
      <OtherWays ways={ways} way={way} onChoose={choose} />
    </Stack>
  );
}

/** As the server orders them for signing in. */
const waysOf = ({ passkeys, authenticator, recoveryCodes }: OwnFactors): Way[] => [
  ...(passkeys.length > 0 ? (["passkey"] as const) : []),
  ...(authenticator ? (["authenticator"] as const) : []),
  ...(recoveryCodes && recoveryCodes.left > 0 ? (["recovery_code"] as const) : []),
];
