import { Radio, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { useMe } from "../shell/session.ts";
import { duration } from "../ui/time.ts";
import { count, number } from "../ui/words.ts";
import { mailWill } from "./mail-words.ts";
import { momentIn } from "./moment-in.ts";
import classes from "./plan-choices.module.css";
import type { Change } from "./plan-choices.tsx";

/** Whether somebody is about to say at what time the emails go, which until then are held. */
export type Scheduling = { begun: boolean; begin: (begun: boolean) => void };
type Props = { found: Import; change: Change; scheduling: Scheduling };

const noServer =
  "There is no mail server yet, and nobody gets what is in the mailbox. Emails that are held can be released when there is one.";

/** Nobody waits for seconds of sending. */
const worthSaying = 60;

/** When the emails go. Nothing goes at once that is to go at a time: until that is said it is held. */
export function MailTime({ found, change, scheduling }: Props) {
  const { emails, estimate, mail } = found;
  const { mailKept } = useMe();
  const timeMissing = scheduling.begun && mail.when !== "schedule";
  const slow = estimate && estimate.mailSeconds >= worthSaying && (timeMissing || mail.when !== "hold");
  const choose = async (when: string) => {
    scheduling.begin(when === "schedule");
    const done = await change({ mail: { when: when === "now" ? "now" : "hold" } });
    if (!done) scheduling.begin(false);
  };
  return (
    <Radio.Group
      label={
        timeMissing
          ? `${count(emails, "email")} ${emails === 1 ? "waits" : "wait"} for a time to be said`
          : mailWill(found, mailKept)
      }
      description={
        mailKept
          ? noServer
          : slow &&
            `At ${number(Math.max(1, Math.round(estimate.mailPerSecond)))} a second that takes ${duration(estimate.mailSeconds)}.`
      }
      value={scheduling.begun ? "schedule" : mail.when}
      onChange={(when) => void choose(when)}
    >
      <Stack gap={6} mt={6}>
        <Radio value="now" label="Send them at once" />
        <Radio value="hold" label="Hold them until I release them" />
        <Radio value="schedule" label="Send them at a time" />
        {(scheduling.begun || mail.when === "schedule") && (
          <Schedule mail={mail} change={change} scheduling={scheduling} />
        )}
      </Stack>
    </Radio.Group>
  );
}

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set([ownZone, "UTC", ...Intl.supportedValuesOf("timeZone")])];

const localIn = (at: string, timeZone: string) =>
  new Date(at).toLocaleString("sv", { timeZone }).slice(0, 16).replace(" ", "T");

function Schedule({ mail, change, scheduling }: Pick<Props, "change" | "scheduling"> & Pick<Import, "mail">) {
  const zoneBefore = mail.when === "schedule" ? mail.timeZone : ownZone;
  const [timeZone, setZone] = useState(zoneBefore);
  const [local, setLocal] = useState(mail.when === "schedule" ? localIn(mail.at, zoneBefore) : "");
  const save = async (time: string, zone: string) => {
    const scheduled = mail.when === "schedule";
    if (scheduled ? zone === mail.timeZone && time === localIn(mail.at, zone) : !time) return;
    // What is typed stays, and asks to be mended: the time before it is not what is meant any more.
    scheduling.begin(true);
    const at = time && momentIn(time, zone).toISOString();
    const done = at && (await change({ mail: { when: "schedule", at, timeZone: zone } }));
    if (!done && scheduled) await change({ mail: { when: "hold" } });
  };
  return (
    <div className={classes.schedule}>
      <TextInput
        type="datetime-local"
        label="Time"
        value={local}
        onChange={(event) => setLocal(event.currentTarget.value)}
        onBlur={() => void save(local, timeZone)}
      />
      <Select
        label="Time zone"
        searchable
        data={zones}
        value={timeZone}
        onChange={(zone) => {
          if (!zone) return;
          setZone(zone);
          void save(local, zone);
        }}
      />
    </div>
  );
}
