import { Button, Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listGroups } from "#server/features/groups/contract.ts";
import { type Import, releaseMail, retryMail } from "#server/features/imports/contract.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { duration, exactTime } from "../ui/time.ts";
import { tell } from "../ui/toast.ts";
import { count, number } from "../ui/words.ts";
import classes from "./review.module.css";
import { useImport } from "./use-import.ts";

/** Where the emails of an import stand; what is held is released, what failed is sent anew. */
export function ImportMail({ found }: { found: Import }) {
  const { messages } = found;
  const allowed = may(useMe(), "imports.run");
  if (!messages) return null;
  const figures: [string, number][] = [
    ["Emails sent", messages.accepted],
    ["Emails held", messages.held],
    ["Emails waiting", messages.waiting],
    ["Emails delayed", messages.deferred],
    ["Emails failed", messages.failed],
    ["Emails withdrawn", messages.withdrawn],
  ];
  const all = figures.reduce((sum, [, value]) => sum + value, 0);
  if (all === 0) return null;
  // Zero says something of emails that were sent; of everything else it is noise.
  const told = figures.filter(([label, value]) => value > 0 || label === "Emails sent");
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
      <Waiting found={found} />
      {allowed && messages.held > 0 && <Release found={found} held={messages.held} />}
      {allowed && messages.failed > 0 && <Retry found={found} failed={messages.failed} />}
    </>
  );
}

/** How long it takes yet, and why. */
function Waiting({ found }: { found: Import }) {
  const { mail, estimate, messages } = found;
  if (mail.when === "schedule" && new Date(mail.at) > new Date() && messages && messages.waiting > 0)
    return (
      <Text mb="sm" c="dimmed">
        They go out on {exactTime(mail.at)} by your clock, {mail.timeZone}.
      </Text>
    );
  if (!estimate || !messages || messages.waiting + messages.deferred === 0) return null;
  const { passwordsWaiting, hashingSeconds, mailPerSecond, mailSeconds } = estimate;
  return (
    <Text mb="sm" c="dimmed" role="status">
      {passwordsWaiting > 0 &&
        `${count(passwordsWaiting, "password is", "passwords are")} still being prepared, ${duration(hashingSeconds)}. `}
      {count(messages.waiting + messages.deferred, "email")} to go, {duration(mailSeconds)} at{" "}
      {number(Math.max(1, Math.round(mailPerSecond)))} a second.
    </Text>
  );
}

function Release({ found, held }: { found: Import; held: number }) {
  const { params, show } = useImport(found.id);
  const tenant = useTenant();
  const release = useCall(releaseMail);
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
            ? `Of the ${count(held, "held email")} those to the people in ${group} go out now. The others stay held.`
            : `${count(held, "email")} ${held === 1 ? "goes" : "go"} out now.`}
        </ConfirmDialog>
      )}
    </Group>
  );
}

function Retry({ found, failed }: { found: Import; failed: number }) {
  const { params, show } = useImport(found.id);
  const retry = useCall(retryMail);
  const [asked, ask] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" mb="sm" onClick={() => ask(true)}>
        Send the failed ones again
      </Button>
      {asked && (
        <ConfirmDialog
          title="Write to them again?"
          verb="Send again"
          onClose={() => ask(false)}
          onConfirm={async () => {
            const now = await retry.mutateAsync({ params });
            await show(now.import);
            tell(`${count(now.retried, "email")} on the way.`);
          }}
        >
          {count(failed, "email")} could not be delivered. Whoever was not reached is written to again: a new
          invitation, or a link to set a password.
        </ConfirmDialog>
      )}
    </>
  );
}
