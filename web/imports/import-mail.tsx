import { Button, Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listGroups } from "#server/features/groups/contract.ts";
import { type Import, releaseMail, retryMail } from "#server/features/imports/contract.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { duration } from "../ui/time.ts";
import { tell } from "../ui/toast.ts";
import { count, number } from "../ui/words.ts";
import { mailWill, timeInWords } from "./mail-words.ts";
import classes from "./review.module.css";
import { useImport } from "./use-import.ts";

/** Where the emails of an import stand; what is held is released, what failed is sent anew. */
export function ImportMail({ found }: { found: Import }) {
  const { messages } = found;
  const me = useMe();
  const { mailKept } = me;
  const allowed = may(me, "imports.run");
  if (!messages) return null;
  const figures: [string, number][] = [
    ["Emails sent", messages.accepted - messages.kept],
    [mailKept ? "Emails in the mailbox" : "Emails not sent", messages.kept],
    ["Emails held", messages.held],
    ["Emails scheduled", messages.scheduled],
    ["Emails waiting", messages.queued],
    ["Emails being sent", messages.sending],
    ["Emails delayed", messages.deferred],
    ["Emails failed", messages.failed],
    ["Emails withdrawn", messages.withdrawn],
  ];
  const unreached = messages.failed + (mailKept ? 0 : messages.kept);
  const all = figures.reduce((sum, [, value]) => sum + value, 0);
  if (all === 0) return null;
  // Zero says something of emails that were sent; of everything else it is noise.
  const told = figures.filter(([label, value]) => value > 0 || (label === "Emails sent" && !mailKept));
  return (
    <>
      <dl className={classes.result}>
        {told.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {messages.kept > 0 && <InMailbox />}
      <Waiting found={found} />
      {allowed && messages.held > 0 && <Release found={found} held={messages.held} />}
      {allowed && unreached > 0 && <Retry found={found} unreached={unreached} />}
    </>
  );
}

/** Emails that nobody got, and where they can be read. */
function InMailbox() {
  const { mailbox, mailKept } = useMe();
  const params = { tenant: useTenant() };
  if (!mailKept)
    return (
      <Text mb="sm" c="dimmed">
        When they were written there was no mail server: they were kept in the built-in mailbox, and nobody
        got them.
      </Text>
    );
  return (
    <Text mb="sm" c="dimmed">
      There was no mail server to send them by. They are kept in the{" "}
      {mailbox ? (
        <TextLink to="/t/$tenant/mailbox" params={params} inherit underline="always">
          built-in mailbox
        </TextLink>
      ) : (
        "built-in mailbox, which your organisation's owner can open"
      )}
      .
    </Text>
  );
}

/** How long it takes yet, and why. */
function Waiting({ found }: { found: Import }) {
  const { mail, estimate, messages } = found;
  const { mailKept } = useMe();
  if (mail.when === "schedule" && messages && messages.scheduled > 0)
    return (
      <Text mb="sm" c="dimmed">
        They {mailKept ? "are put into the built-in mailbox" : "go out"} on {timeInWords(mail)}.
      </Text>
    );
  if (!estimate || !messages) return null;
  const toGo = messages.queued + messages.sending + messages.deferred;
  if (toGo === 0) return null;
  const { passwordsWaiting, hashingSeconds, mailPerSecond, mailSeconds } = estimate;
  return (
    <Text mb="sm" c="dimmed" role="status">
      {passwordsWaiting > 0 &&
        `${count(passwordsWaiting, "password is", "passwords are")} still being prepared, ${duration(hashingSeconds)}. `}
      {count(toGo, "email")} to go, {duration(mailSeconds)} at{" "}
      {number(Math.max(1, Math.round(mailPerSecond)))} a second.
    </Text>
  );
}

function Release({ found, held }: { found: Import; held: number }) {
  const { params, show } = useImport(found.id);
  const tenant = useTenant();
  const release = useCall(releaseMail);
  const { mailKept } = useMe();
  const [groupId, setGroup] = useState<string | null>(null);
  const [asked, ask] = useState(false);
  const { data } = useQuery(read(listGroups, { params: { tenant }, query: { limit: 100 } }));
  const groups = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const group = groups.find((one) => one.value === groupId)?.label;
  return (
    <Group gap="xs" mb="sm">
      <Button size="xs" onClick={() => ask(true)}>
        Send held emails
      </Button>
      <Select
        size="xs"
        aria-label="To whom"
        placeholder="to everybody"
        searchable
        clearable
        data={groups}
        value={groupId}
        onChange={setGroup}
      />
      {asked && (
        <ConfirmDialog
          title="Send held emails?"
          verb="Send"
          onClose={() => ask(false)}
          onConfirm={async () => {
            const now = await release.mutateAsync({ params, body: groupId ? { groupId } : {} });
            await show(now.import);
            tell(`${count(now.released, "email")} released.`);
          }}
        >
          {group
            ? `Of the ${count(held, "held email")} those to the people in ${group} ${mailKept ? "are put into the built-in mailbox" : "go out"} now. The others stay held.`
            : `${mailWill({ emails: held, mail: { when: "now" } }, mailKept)} now.`}
        </ConfirmDialog>
      )}
    </Group>
  );
}

/** Writes to whoever was not reached: what failed goes again, what there was no mail server for goes for the first time. */
function Retry({ found, unreached }: { found: Import; unreached: number }) {
  const { params, show } = useImport(found.id);
  const retry = useCall(retryMail);
  const { mailKept } = useMe();
  const [asked, ask] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" mb="md" mr="xs" onClick={() => ask(true)}>
        {found.messages?.failed ? "Send the failed ones again" : "Send them now"}
      </Button>
      {asked && (
        <ConfirmDialog
          title="Write to them again?"
          verb="Send again"
          onClose={() => ask(false)}
          onConfirm={async () => {
            const now = await retry.mutateAsync({ params });
            await show(now.import);
            tell(`${count(now.retried, "email")} ${mailKept ? "in the built-in mailbox" : "on the way"}.`);
          }}
        >
          {count(unreached, "email")} did not reach anybody. Whoever has not been reached since is written to
          again: a new invitation, or a link to set a password.
        </ConfirmDialog>
      )}
    </>
  );
}
