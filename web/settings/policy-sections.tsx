import { Switch, Text } from "@mantine/core";
import { may, useMe } from "../shell/session.ts";
import { count } from "../ui/words.ts";
import { DaysSetting } from "./days-setting.tsx";
import { NumberSetting } from "./number-setting.tsx";
import type { SectionProps } from "./organisation-sections.tsx";
import { Section } from "./section.tsx";
import { settingInWords, settingWords } from "./setting-words.ts";
import { type SettingsSection, useSection } from "./use-section.ts";

type Numeric =
  | "invitationDays"
  | "temporaryPasswordDays"
  | "passwordMinimum"
  | "sessionHours"
  | "sessionDays"
  | "auditMonths"
  | "deletedDays"
  | "importRowDays";

/** What a number field of a section needs. */
const numberOf = ({ form }: SettingsSection, field: Numeric, { answer }: SectionProps) => ({
  label: settingWords[field],
  value: form.values[field],
  onChange: (value: number | "") => form.set(field, value),
  onBlur: () => form.leave(field),
  error: form.error(field),
  usual: settingInWords(field, answer.usual[field]),
});

const access = [
  "sendPasswords",
  "invitationDays",
  "reminderDays",
  "renewInvitations",
  "temporaryPasswordDays",
  "passwordMinimum",
] as const;

export function AccessSection(props: SectionProps) {
  const section = useSection(access, props.answer);
  const { form } = section;
  return (
    <Section
      id="access"
      title="Invitations and passwords"
      intro="How new people get in. Days count from when their email is sent; nothing works longer than 30 days after it was made."
      readOnly={props.readOnly}
      {...section}
    >
      <Switch
        label={settingWords.sendPasswords}
        description={`Usually ${settingInWords("sendPasswords", props.answer.usual.sendPasswords)}. When off, whoever is created with a password is mailed a link to set one instead.`}
        checked={form.values.sendPasswords}
        onChange={(event) => form.set("sendPasswords", event.currentTarget.checked)}
      />
      <NumberSetting
        {...numberOf(section, "invitationDays", props)}
        more="Invitations and links to set a password. Links to reset a forgotten one work for 2 hours."
      />
      <DaysSetting
        label={settingWords.reminderDays}
        value={form.values.reminderDays}
        onChange={(value) => form.set("reminderDays", value)}
        onBlur={() => form.leave("reminderDays")}
        error={form.error("reminderDays")}
        usual={settingInWords("reminderDays", props.answer.usual.reminderDays)}
        more="Leave it empty for none. Nobody is reminded of an invitation that has expired or come back."
      />
      <Switch
        label={settingWords.renewInvitations}
        description={`Usually ${settingInWords("renewInvitations", props.answer.usual.renewInvitations)}. The page of an expired link then offers to send a new one, to the same address only.`}
        checked={form.values.renewInvitations}
        onChange={(event) => form.set("renewInvitations", event.currentTarget.checked)}
      />
      <NumberSetting {...numberOf(section, "temporaryPasswordDays", props)} />
      <NumberSetting
        {...numberOf(section, "passwordMinimum", props)}
        more="From 10 to 64. Passwords that people have already stay as they are."
      />
    </Section>
  );
}

const sessions = ["sessionHours", "sessionDays"] as const;

export function SessionSection(props: SectionProps) {
  const section = useSection(sessions, props.answer);
  return (
    <Section
      id="sessions"
      title="Sessions"
      intro="When somebody who has signed in must do so again. Holds at once, also for who is signed in now."
      readOnly={props.readOnly}
      {...section}
    >
      <NumberSetting {...numberOf(section, "sessionHours", props)} />
      <NumberSetting {...numberOf(section, "sessionDays", props)} />
    </Section>
  );
}

const retention = ["auditMonths", "deletedDays", "importRowDays"] as const;

export function RetentionSection(props: SectionProps) {
  const section = useSection(retention, props.answer);
  const mayChange = may(useMe(), "settings.retention");
  const { auditMonths: least } = props.answer.least;
  return (
    <Section
      id="retention"
      title="Retention"
      intro="How long Muster remembers what happened, and who was here."
      readOnly={!mayChange}
      {...section}
    >
      {!mayChange && !props.readOnly && (
        <Text c="dimmed">Only owners change this: what is removed cannot be brought back.</Text>
      )}
      <NumberSetting
        {...numberOf(section, "auditMonths", props)}
        placeholder="For ever"
        more={`Leave it empty for that. Whoever runs Muster may keep it for less${least > 0 ? `, and keeps it for ${count(least, "month")} in any case` : ""}.`}
      />
      <NumberSetting
        {...numberOf(section, "deletedDays", props)}
        more="Then everything about them is erased. Of who is deleted already the day stays."
      />
      <NumberSetting
        {...numberOf(section, "importRowDays", props)}
        more="Rows with problems and rows of imports that were cancelled, counted from when the import was over. What became of them stays."
      />
    </Section>
  );
}
