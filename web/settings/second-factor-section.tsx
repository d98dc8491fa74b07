import { Select, Switch } from "@mantine/core";
import { secondFactorPolicies, type TenantSettings } from "#server/features/tenants/tenant-settings.ts";
import { useConfirmed } from "../second-factors/use-confirmed.tsx";
import type { SectionProps } from "./organisation-sections.tsx";
import { Section } from "./section.tsx";
import { secondFactorNames, settingInWords, settingWords } from "./setting-words.ts";
import { useSection } from "./use-section.ts";
import { WhoHasNone } from "./who-has-none.tsx";

const fields = ["secondFactor", "passkeySignIn"] as const;

const effects: Record<TenantSettings["secondFactor"], string> = {
  optional: "Whoever wants one sets it up on their own page.",
  administrators:
    "Owners, administrators and user administrators who have none set one up before they can do anything else, at once, you too.",
  everyone: "Whoever has none sets one up before they can do anything else, at once, you too.",
};

/** Who must have something to show beside the password, and whether a passkey is enough without one. */
export function SecondFactorSection(props: SectionProps) {
  const { run, question } = useConfirmed();
  const section = useSection(fields, props.answer, run);
  const { form } = section;
  return (
    <>
      <Section
        id="second-factor"
        title="Second factor"
        intro="A code of an authenticator app, or a passkey, asked for after the password. Nobody is locked out by requiring one."
        readOnly={props.readOnly}
        after={<WhoHasNone />}
        {...section}
      >
        <Select
          label={settingWords.secondFactor}
          description={`${effects[form.values.secondFactor]} Usually ${settingInWords("secondFactor", props.answer.usual.secondFactor)}.`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={secondFactorPolicies.map((value) => ({ value, label: secondFactorNames[value] }))}
          value={form.values.secondFactor}
          onChange={(value) => value && form.set("secondFactor", value as TenantSettings["secondFactor"])}
          error={form.error("secondFactor")}
        />
        <Switch
          label={settingWords.passkeySignIn}
          description={`Usually ${settingInWords("passkeySignIn", props.answer.usual.passkeySignIn)}. One that checks a fingerprint, a face or a PIN is two factors in itself. When off, every passkey is asked for after the password; whoever is signed in stays so.`}
          checked={form.values.passkeySignIn}
          onChange={(event) => form.set("passkeySignIn", event.currentTarget.checked)}
        />
      </Section>
      {question}
    </>
  );
}
