import { NativeSelect } from "@mantine/core";
import { type Language, languageNames, languages } from "#server/features/tenants/tenant-settings.ts";
import { useMe } from "../shell/session.ts";

type Props = {
  value: Language | null;
  onChange: (language: Language | null) => void;
  error?: string | undefined;
};

/** In which language Muster writes to somebody. */
export const LanguageSelect = ({ value, onChange, error }: Props) => (
  <NativeSelect
    label="Language of emails"
    value={value ?? ""}
    error={error}
    onChange={(event) => onChange((event.currentTarget.value || null) as Language | null)}
    data={[
      { value: "", label: `The organisation's (${languageNames[useMe().tenant.language]})` },
      ...languages.map((language) => ({ value: language, label: languageNames[language] })),
    ]}
  />
);
