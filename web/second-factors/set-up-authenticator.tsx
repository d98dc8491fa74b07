import { Button, Skeleton, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  beginAuthenticator,
  confirmFirst,
  setUpAuthenticator,
} from "#server/features/second-factors/contract.ts";
import type { Output } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { Form } from "../ui/form.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { ConfirmPassword } from "./confirm-password.tsx";
import { QrCode } from "./qr-code.tsx";
import { quietField } from "./quiet-field.ts";
import classes from "./second-factors.module.css";

type Props = { onSetUp: (recoveryCodes: string[]) => void };

/** Scan or type the secret, then show by a code that it arrived. */
export function SetUpAuthenticator({ onSetUp }: Props) {
  const { data, error, refetch } = useQuery({
    ...read(beginAuthenticator, { params: { tenant: useTenant() } }),
    // A new secret each time this is opened, and never another while it is being scanned.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (error?.code === confirmFirst) return <ConfirmPassword onConfirmed={() => void refetch()} />;
  if (error) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return <Skeleton h={208} w={208} mx="auto" animate={false} />;
  return <FirstCode begun={data} begin={() => void refetch()} onSetUp={onSetUp} />;
}

type Begun = Output<typeof beginAuthenticator>;

function FirstCode({ begun, begin, onSetUp }: Props & { begun: Begun; begin: () => void }) {
  const params = { tenant: useTenant() };
  const finish = useCall(setUpAuthenticator);
  const form = useForm({
    initial: { code: "" },
    check: ({ code }) => checkWith(setUpAuthenticator.body, { setUp: begun.setUp, code }),
    send: async ({ code }) =>
      onSetUp((await finish.mutateAsync({ params, body: { setUp: begun.setUp, code } })).recoveryCodes),
  });
  return (
    <Form
      form={form}
      remedy={({ code }) =>
        code === "second_factor.set_up_expired" && (
          <Button mt="xs" size="xs" variant="default" onClick={begin}>
            Begin again
          </Button>
        )
      }
    >
      <Text>
        Scan this with an authenticator app, such as 2FAS, Aegis, Google Authenticator or your password
        manager.
      </Text>
      <QrCode text={begun.address} label="QR code for your authenticator app" />
      <Text size="sm" c="dimmed">
        Cannot scan it? Type this into the app instead:{" "}
        <Text component="code" c="var(--mantine-color-text)" className={classes.secret}>
          {begun.secret.match(/.{1,4}/g)?.join(" ")}
        </Text>
      </Text>
      <TextInput
        label="Code that the app shows"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        {...quietField(form.field("code"))}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Set up
      </Button>
    </Form>
  );
}
