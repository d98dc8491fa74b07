import { NativeSelect } from "@mantine/core";
import { type Language, languageNames, languages } from "#server/features/tenants/tenant-settings.ts";
import { useMe } from "../shell/session.ts";

type Props = {
  value: Language | null;
  onChange: (language: Language | null) => void;
  /** What having no language of one's own is called here. */
  none?: string;
  error?: string | undefined;
};

/** In which language Muster writes to somebody. */
export const LanguageSelect = ({ value, onChange, none, error }: Props) => (
  <NativeSelect
    label="Language of emails"
    value={value ?? ""}
    error={error}
    onChange={(event) => onChange((event.currentTarget.value || null) as Language | null)}
    data={[
      {
        value: "",
        label: `${none ?? "The organisation's"} (${languageNames[useMe().tenant.language]})`,
      },
      ...languages.map((language) => ({ value: language, label: languageNames[language] })),
    ]}
  />
);
