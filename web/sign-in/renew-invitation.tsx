import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { renewInvitation } from "#server/features/invitations/contract.ts";
import { useCall, useTenant } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { useForm } from "../ui/use-form.tsx";
import { EmailWritten } from "./email-written.tsx";
import { usePortal } from "./use-portal.ts";

/** Where an expired invitation leads. A new one is sent when somebody presses, never by opening the page. */
export function RenewInvitation({ token }: { token: string }) {
  const tenant = useTenant();
  const owner = usePortal().data?.name;
  const renew = useCall(renewInvitation, { anonymous: true });
  const form = useForm({
    initial: {},
    check: () => ({}),
    send: () => renew.mutateAsync({ params: { tenant }, body: { token } }),
  });
  if (renew.isSuccess) {
    return (
      <EmailWritten
        kept={renew.data.mailKept}
        whatFor="If this invitation still holds, an email with a new link"
        whomToAsk="whoever invited you"
      />
    );
  }
  return (
    <CardPage
      owner={owner}
      title="This invitation has expired"
      intro="You can have a new one sent to the same email address."
    >
      <Form form={form}>
        <Button type="submit" fullWidth loading={form.sending}>
          Send me a new one
        </Button>
      </Form>
      <Button variant="default" component={Link} to={`/t/${tenant}/sign-in`}>
        Go to signing in
      </Button>
    </CardPage>
  );
}
