import { Button, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { requestReset } from "#server/features/sign-in/contract.ts";
import { useCall } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { EmailWritten } from "./email-written.tsx";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/forgot");

export function ForgotPage() {
  const { tenant } = route.useParams();
  const portal = usePortal();
  const [sentTo, setSentTo] = useState("");
  const request = useCall(requestReset, { anonymous: true });
  const form = useForm({
    initial: { email: "" },
    check: (values) => checkWith(requestReset.body, values),
    send: async (values) => {
      await request.mutateAsync({ params: { tenant }, body: values });
      setSentTo(values.email.trim());
    },
  });
  const toSignIn = (
    <TextLink to="/t/$tenant/sign-in" params={{ tenant }} ta="center">
      Back to signing in
    </TextLink>
  );
  if (sentTo) {
    return (
      <EmailWritten
        kept={request.data?.mailKept}
        whatFor={`If ${sentTo} can sign in here, an email with a link to set a new password`}
        whomToAsk="whoever administers users"
      >
        {toSignIn}
      </EmailWritten>
    );
  }
  return (
    <CardPage
      owner={portal.data?.name}
      title="Set a new password"
      intro="Enter the email address you sign in with. You get a link to set a new password."
    >
      <Form form={form}>
        <TextInput
          label="Email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoFocus
          {...form.field("email")}
        />
        <Button type="submit" fullWidth loading={form.sending}>
          Send the link
        </Button>
        {toSignIn}
      </Form>
    </CardPage>
  );
}
