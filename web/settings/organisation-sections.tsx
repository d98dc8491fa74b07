import { Select, Switch, TextInput } from "@mantine/core";
import type { SettingsAnswer } from "#server/features/tenants/contract.ts";
import {
  importNotices,
  languageNames,
  languages,
  type TenantSettings,
} from "#server/features/tenants/tenant-settings.ts";
import { TimeZoneSelect } from "../ui/time-zone-select.tsx";
import { AccentSetting } from "./accent-setting.tsx";
import { LogoSetting } from "./logo-setting.tsx";
import { NumberSetting } from "./number-setting.tsx";
import { Section } from "./section.tsx";
import { importNoticeNames, settingInWords, settingWords } from "./setting-words.ts";
import { useSection } from "./use-section.ts";

export type SectionProps = { answer: SettingsAnswer; readOnly: boolean };

const below: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

const organisation = ["name", "accent", "timeZone"] as const;

export function OrganisationSection({ answer, readOnly }: SectionProps) {
  const section = useSection(organisation, answer);
  const { form } = section;
  return (
    <Section
      id="organisation"
      title="Organisation"
      intro="How your portal and its sign-in page look. The address never changes."
      readOnly={readOnly}
      {...section}
    >
      <TextInput label={settingWords.name} autoComplete="organization" {...form.field("name")} />
      <LogoSetting readOnly={readOnly} />
      <AccentSetting
        label={settingWords.accent}
        value={form.values.accent}
        onChange={(value) => form.set("accent", value)}
        onBlur={() => form.leave("accent")}
        error={form.error("accent")}
      />
      <TimeZoneSelect
        label={settingWords.timeZone}
        description={`Usually ${answer.usual.timeZone}. Emails write times in it; days to filter by, and those of Home, are its days.`}
        value={form.values.timeZone}
        onChange={(zone) => form.set("timeZone", zone)}
        error={form.error("timeZone")}
      />
    </Section>
  );
}

const email = [
  "senderName",
  "replyTo",
  "language",
  "mailsPerAddress",
  "passwordNotice",
  "signInNotice",
  "importNotice",
] as const;

export function EmailSection({ answer, readOnly }: SectionProps) {
  const section = useSection(email, answer);
  const { form } = section;
  return (
    <Section
      id="email"
      title="Email"
      intro="Whom your people see as the sender of what Muster mails them, and where their answers go."
      readOnly={readOnly}
      {...section}
    >
      <TextInput
        label={settingWords.senderName}
        description="Usually the organisation's name: leave it empty for that."
        inputWrapperOrder={below}
        placeholder={answer.values.name}
        {...form.field("senderName")}
      />
      <TextInput
        label={settingWords.replyTo}
        description="Usually the sender's address: leave it empty for that."
        inputWrapperOrder={below}
        type="email"
        inputMode="email"
        autoComplete="off"
        {...form.field("replyTo")}
      />
      <Select
        label={settingWords.language}
        description={`Usually ${languageNames[answer.usual.language]}. A user may have a language of their own.`}
        inputWrapperOrder={below}
        allowDeselect={false}
        data={languages.map((value) => ({ value, label: languageNames[value] }))}
        value={form.values.language}
        onChange={(value) => value && form.set("language", value as TenantSettings["language"])}
        error={form.error("language")}
      />
      <NumberSetting
        label={settingWords.mailsPerAddress}
        value={form.values.mailsPerAddress}
        onChange={(value) => form.set("mailsPerAddress", value)}
        onBlur={() => form.leave("mailsPerAddress")}
        error={form.error("mailsPerAddress")}
        usual={settingInWords("mailsPerAddress", answer.usual.mailsPerAddress)}
        more="What is more waits for the next day. Links to reset a password are counted by themselves."
      />
      <Switch
        label={settingWords.passwordNotice}
        description={`Usually ${settingInWords("passwordNotice", answer.usual.passwordNotice)}. Whoever changed their password is told, and what to do if it was not them.`}
        checked={form.values.passwordNotice}
        onChange={(event) => form.set("passwordNotice", event.currentTarget.checked)}
      />
      <Switch
        label={settingWords.signInNotice}
        description={`Usually ${settingInWords("signInNotice", answer.usual.signInNotice)}. Each browser keeps a cookie by which it is known again; the first one of each user is no news.`}
        checked={form.values.signInNotice}
        onChange={(event) => form.set("signInNotice", event.currentTarget.checked)}
      />
      <Select
        label={settingWords.importNotice}
        description={`To whoever started it. Usually ${settingInWords("importNotice", answer.usual.importNotice)}.`}
        inputWrapperOrder={below}
        allowDeselect={false}
        data={importNotices.map((value) => ({ value, label: importNoticeNames[value] }))}
        value={form.values.importNotice}
        onChange={(value) => value && form.set("importNotice", value as TenantSettings["importNotice"])}
        error={form.error("importNotice")}
      />
    </Section>
  );
}
