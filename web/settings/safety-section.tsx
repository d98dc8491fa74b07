import { useQuery } from "@tanstack/react-query";
import { getImportSafety } from "#server/features/imports/contract.ts";
import { usualSafety } from "#server/features/imports/shapes.ts";
import type { Output } from "../api.ts";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { number } from "../ui/words.ts";
import { NumberSetting } from "./number-setting.tsx";
import { Section } from "./section.tsx";
import { safetyFields, safetyWords, useSafety } from "./use-safety.ts";

/** Above which numbers an import asks for a typed confirmation. */
export function SafetySection() {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getImportSafety, { params }));
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  return data && <SafetyForm answer={data} />;
}

function SafetyForm({ answer }: { answer: Output<typeof getImportSafety> }) {
  const readOnly = !may(useMe(), "imports.safety");
  const section = useSafety(answer);
  const { form } = section;
  return (
    <Section
      id="imports"
      title="Imports"
      intro="An import that goes above one of these asks for a typed confirmation first. It also asks before it changes administrators or you yourself, uses a mail domain nobody here has had, or suspends people. The first import of all makes whatever groups it names."
      readOnly={readOnly}
      {...section}
    >
      {safetyFields.map((field) => (
        <NumberSetting
          key={field}
          label={safetyWords[field].label}
          usual={number(usualSafety[field])}
          value={form.values[field]}
          onChange={(value) => form.set(field, value)}
          onBlur={() => form.leave(field)}
          error={form.error(field)}
        />
      ))}
    </Section>
  );
}
