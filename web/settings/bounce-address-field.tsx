import { Text, TextInput } from "@mantine/core";
import { mailServerInput } from "#server/features/mail/contract.ts";
import { useTenant } from "../shell/queries.ts";
import classes from "./settings.module.css";
import type { MailServerForm } from "./use-mail-server.ts";

/** Where emails go back to, by the tenant's own server, and how Muster learns of them. */
export function BounceAddressField({ section: { form } }: { section: MailServerForm }) {
  const { bounceAddress } = form.values;
  return (
    <div>
      <TextInput
        label="Return address for bounces (optional)"
        description="Where emails that cannot be delivered go back to, so that Muster sees them. Empty: they go back to the sender's address."
        inputWrapperOrder={["label", "input", "description", "error"]}
        type="email"
        inputMode="email"
        autoComplete="off"
        placeholder="bounces@example.org"
        {...form.field("bounceAddress")}
      />
      {isAddress(bounceAddress) && <HowReportsComeHere address={bounceAddress} />}
    </div>
  );
}

const isAddress = (typed: string) =>
  typed !== "" && mailServerInput.shape.bounceAddress.safeParse(typed).success;

function HowReportsComeHere({ address }: { address: string }) {
  const tenant = useTenant();
  const [mailbox = "", domain = "…"] = address.split("@");
  const here = `${window.location.origin}/api/v1/t/${tenant}/bounces`;
  return (
    <details className={classes.how}>
      <summary>What your mail server has to do</summary>
      <Text size="xs" component="ol">
        <li>
          Send for {mailbox}+…@{domain}: each email leaves with a return address of its own, which begins like
          that. Send a test email to see that it does.
        </li>
        <li>Take whatever comes back to such an address. No mailbox need keep it.</li>
        <li>
          Hand it to Muster by this command, with the address it came to in place of ADDRESS. Where Muster
          cannot be reached, keep it and try again: a report comes once. There is no password: whoever knows
          such an address was sent that one email.
        </li>
      </Text>
      <pre className={classes.command}>
        {`curl -sSf --data-binary @- -H Content-Type:message/rfc822 "${here}?to=ADDRESS"`}
      </pre>
      <Text size="xs" c="dimmed">
        Whoever runs your mail server finds the lines for Postfix and Exim in Muster's manual, under “Email”.
      </Text>
    </details>
  );
}
