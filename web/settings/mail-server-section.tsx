import { Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getMailServer, type MailServerAnswer } from "#server/features/mail/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { MailServerFacts } from "./mail-server-facts.tsx";
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
  const me = useMe();
  if (data && may(me, "mail_server.change")) return <MailServerForm answer={data} />;
  return (
    <Section {...about} readOnly>
      {data && <Readable answer={data} />}
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

/** For whoever may look at it and, where they administer, try it. */
function Readable({ answer }: { answer: MailServerAnswer }) {
  const section = useMailServer(answer);
  return (
    <>
      <Text size="sm">
        Only an owner changes this. Links to set a password go by this server, an owner's too: whoever chooses
        it could read them.
      </Text>
      <MailServerFacts answer={answer} />
      {may(useMe(), "settings.change") && <TestEmail section={section} savedOnly />}
    </>
  );
}

function MailServerForm({ answer }: { answer: MailServerAnswer }) {
  const section = useMailServer(answer);
  const { form, base } = section;
  const { installation, allowed } = base;
  return (
    <Section
      {...about}
      readOnly={false}
      {...section}
      after={<TestEmail section={section} savedOnly={false} />}
    >
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
                : "Emails come from an address of yours, and go back to one."
            }
          />
        </Stack>
      </Radio.Group>
      {form.values.by === "own" && <MailServerFields section={section} />}
    </Section>
  );
}
