import { Button, Text, TextInput } from "@mantine/core";
import { browserSupportsWebAuthn, startRegistration } from "@simplewebauthn/browser";
import { useState } from "react";
import { addPasskey, beginPasskey, confirmFirst } from "#server/features/second-factors/contract.ts";
import { browserName } from "#server/features/sign-in/browser-name.ts";
import { ApiProblem } from "../api.ts";
import { useCall } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { Form } from "../ui/form.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { ConfirmPassword } from "./confirm-password.tsx";
import { passkeyProblem } from "./passkey-problem.ts";

const named = addPasskey.body.pick({ name: true });

/** Names a passkey and has the browser make it. */
export function AddPasskey({ onAdded }: { onAdded: (recoveryCodes: string[]) => void }) {
  const { slug, passkeySignIn } = useMe().tenant;
  const params = { tenant: slug };
  const [unconfirmed, setUnconfirmed] = useState(false);
  const begin = useCall(beginPasskey);
  const add = useCall(addPasskey);
  const form = useForm({
    initial: { name: browserName(navigator.userAgent) },
    check: (values) => checkWith(named, values),
    send: async ({ name }) => {
      try {
        const { options, setUp } = await begin.mutateAsync({ params });
        const passkey = await startRegistration({ optionsJSON: options });
        onAdded((await add.mutateAsync({ params, body: { name, setUp, passkey } })).recoveryCodes);
      } catch (error) {
        if (error instanceof ApiProblem && error.code === confirmFirst) return setUnconfirmed(true);
        throw passkeyProblem(error);
      }
    },
  });
  if (unconfirmed) return <ConfirmPassword onConfirmed={() => setUnconfirmed(false)} />;
  if (!browserSupportsWebAuthn()) return <Text>{unsupported}</Text>;
  return (
    <Form form={form}>
      <Text>
        A passkey is kept by your phone, your computer, your password manager or a security key. Your browser
        asks you which.{" "}
        {passkeySignIn &&
          "With one that checks your fingerprint, face or PIN you sign in without your password."}
      </Text>
      <TextInput
        label="Name"
        description="By which you know it again."
        autoFocus
        autoComplete="off"
        {...form.field("name")}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Add passkey
      </Button>
    </Form>
  );
}

export const unsupported =
  "This browser cannot use passkeys here. They need an https address (or this computer's own) and a browser of recent years.";
