import { Radio, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getMailServer, type MailServerAnswer } from "#server/features/mail/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { MailServerFacts } from "./mail-server-facts.tsx";
import { MailServerFields } from "./mail-server-fields.tsx";
import { Section } from "./section.tsx";
import { TestEmail } from "./test-email.tsx";
import { useMailServer } from "./use-mail-server.ts";

type Props = { readOnly: boolean };

const about = {
  id: "mail-server",
  title: "Mail server",
  intro: "Which server your emails go by, and from which address.",
};

export function MailServerSection({ readOnly }: Props) {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getMailServer, { params }));
  if (data && !readOnly) return <MailServerForm answer={data} />;
  return (
    <Section {...about} readOnly={readOnly}>
      {data && <MailServerFacts answer={data} />}
      {!data && (error ? <LoadFailed problem={error} retry={refetch} /> : <Loading />)}
    </Section>
  );
}

const Loading = () => (
  <Stack gap="md" role="status" aria-label="Loading">
    <Skeleton h={20} w={64} animate={false} />
    <Skeleton h={36} animate={false} />
    <Skeleton h={36} animate={false} />
  </Stack>
);

function MailServerForm({ answer }: { answer: MailServerAnswer }) {
  const section = useMailServer(answer);
  const { form, base } = section;
  const { installation, allowed } = base;
  return (
    <Section {...about} readOnly={false} {...section} after={<TestEmail section={section} />}>
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
