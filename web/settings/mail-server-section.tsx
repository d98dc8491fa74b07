import { Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getMailServer, type MailServerAnswer } from "#server/features/mail/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { MailServerFields } from "./mail-server-fields.tsx";
import { Section } from "./section.tsx";
import { TestEmail } from "./test-email.tsx";
import { useMailServer } from "./use-mail-server.ts";

const about = {
  id: "mail-server",
  title: "Mail server",
  intro: "Which server your emails go by, and from which address.",
};

export function MailServerSection() {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getMailServer, { params }));
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (data) return <MailServerForm answer={data} />;
  return (
    <Section {...about} readOnly>
      <Skeleton h={96} animate={false} />
    </Section>
  );
}

function MailServerForm({ answer }: { answer: MailServerAnswer }) {
  const me = useMe();
  const readOnly = !may(me, "mail_server.change");
  const section = useMailServer(answer);
  const { form, base } = section;
  const { installation, allowed } = base;
  return (
    <Section
      {...about}
      readOnly={readOnly}
      {...section}
      {...(may(me, "settings.change") && {
        after: <TestEmail section={section} savedOnly={readOnly} />,
      })}
    >
      {readOnly && (
        <Text size="sm">
          Only an owner changes this. Links to set a password go by this server, an owner's too: whoever
          chooses it could read them.
        </Text>
      )}
      <Radio.Group
        label="Send by"
        value={form.values.by}
        onChange={(by) => form.set("by", by as typeof form.values.by)}
      >
        <Stack gap="xs" mt={6}>
          <Radio
            value="installation"
            label="This installation's server"
            description={
              installation.sends
                ? `Emails come from ${installation.fromAddress}.`
                : "It has none yet: emails are kept in its built-in mailbox."
            }
          />
          <Radio
            value="own"
            label="Your own server"
            disabled={allowed === "none" && !base.server}
            description={
              allowed === "none"
                ? "Whoever runs Muster does not allow it here."
                : "Emails come from an address of yours, and what comes back goes there too."
            }
          />
        </Stack>
      </Radio.Group>
      {form.values.by === "own" && <MailServerFields section={section} />}
    </Section>
  );
}
