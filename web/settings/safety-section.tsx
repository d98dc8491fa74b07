import { useQuery } from "@tanstack/react-query";
import { changeImportSafety, getImportSafety } from "#server/features/imports/contract.ts";
import { usualSafety } from "#server/features/imports/shapes.ts";
import type { Output } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { tell } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { number } from "../ui/words.ts";
import { NumberSetting } from "./number-setting.tsx";
import { Section } from "./section.tsx";

type Safety = Output<typeof getImportSafety>;

const words: Record<keyof Safety, string> = {
  changedPercent: "Users changed, in percent of all",
  emails: "Emails sent",
  newGroups: "Groups created",
};
const fields = Object.keys(words) as (keyof Safety)[];

/** Above which numbers an import asks for a typed confirmation. */
export function SafetySection() {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getImportSafety, { params }));
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  return data && <SafetyForm safety={data} />;
}

function SafetyForm({ safety }: { safety: Safety }) {
  const params = { tenant: useTenant() };
  const change = useCall(changeImportSafety);
  const form = useForm<Record<keyof Safety, number | "">>({
    initial: safety,
    check: (values) => checkWith(changeImportSafety.body, values),
    send: async (values) => {
      const saved = await change.mutateAsync({ params, body: values as Safety });
      queryClient.setQueryData(read(getImportSafety, { params }).queryKey, saved);
      form.restart(saved);
      tell("Saved: the safety limits of imports.");
    },
  });
  return (
    <Section
      id="imports"
      title="Imports"
      intro="An import that goes above one of these asks for a typed confirmation first. It also asks before it changes administrators or you yourself, uses a mail domain nobody here has had, or suspends people."
      form={form}
      readOnly={false}
    >
      {fields.map((field) => (
        <NumberSetting
          key={field}
          label={words[field]}
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
