import { useEffect, useState } from "react";
import { changeSettings, getSettings, type SettingsAnswer } from "#server/features/tenants/contract.ts";
import type { TenantSettings } from "#server/features/tenants/tenant-settings.ts";
import { call } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { listing } from "../ui/words.ts";
import { readDays } from "./days-setting.tsx";
import { settingInWords, settingWords } from "./setting-words.ts";

type Field = keyof TenantSettings;
/** A number field that somebody has emptied holds no number; a list of days is text while somebody types. */
type Values = {
  [F in Field]:
    | TenantSettings[F]
    | (TenantSettings[F] extends number | null ? "" : never)
    | (TenantSettings[F] extends number[] ? string : never);
};

/** A field as it is sent. */
function sent(field: Field, value: Values[Field]) {
  if (field === "auditMonths" && value === "") return null;
  return field === "reminderDays" && typeof value === "string" ? readDays(value) : value;
}

const pick = (fields: readonly Field[], values: Values) =>
  Object.fromEntries(fields.map((field) => [field, sent(field, values[field])])) as Partial<Values>;

const differing = (one: Partial<Values>, other: Partial<Values>, fields = Object.keys(one) as Field[]) =>
  fields.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));

/** Their values, with one's own on top of them. */
const rebased = (
  fields: readonly Field[],
  own: Values,
  { base, theirs }: Record<"base" | "theirs", Values>,
) => ({
  ...theirs,
  ...pick(differing(own, base, [...fields]), own),
});

const changesInWords = (before: TenantSettings, after: TenantSettings) =>
  listing(
    differing(before, after).map(
      (field) => `${settingWords[field]} (now ${settingInWords(field, after[field])})`,
    ),
  );

/** How it is saved: once more after something was asked, or, undefined, not at all. */
type Attempt = (save: () => Promise<SettingsAnswer>) => Promise<SettingsAnswer | undefined>;

/**
 * The form of one section: saves only what was changed in these fields, and never over what somebody else has changed since
 * it was opened.
 */
export function useSection(
  fields: readonly Field[],
  answer: SettingsAnswer,
  attempt: Attempt = (save) => save(),
) {
  const params = { tenant: useTenant() };
  const change = useCall(changeSettings);
  const [base, setBase] = useState(answer);
  const [theirChanges, setTheirChanges] = useState("");
  const keep = (next: SettingsAnswer, shown: Values = next.values) => {
    form.restart(shown, next.values);
    setBase(next);
    queryClient.setQueryData(read(getSettings, { params }).queryKey, next);
  };
  const form = useForm<Values>({
    initial: answer.values,
    check: (values) => checkWith(changeSettings.body, { ...pick(fields, values), version: 0 }),
    send: async (values) => {
      const own = pick(fields, values);
      const body = { ...(pick(differing(own, base.values), values) as Partial<TenantSettings>) };
      const save = () => change.mutateAsync({ params, body: { ...body, version: base.version } });
      const saved = await attempt(save);
      if (!saved) return;
      const names = differing(base.values, saved.values, [...fields]).map((field) => settingWords[field]);
      tell(names.length > 0 ? `Saved: ${listing(names.map((name) => `“${name}”`))}.` : "Saved.");
      setTheirChanges("");
      keep(saved);
      void forget("me", "portal");
    },
  });
  const { halfFilled, restart } = form;

  // What another section saved is no conflict here. What somebody else changed is shown, unless something is typed here:
  // then saving is refused, and says so.
  useEffect(() => {
    if (answer.version === base.version) return;
    const same = differing(base.values, answer.values, [...fields]).length === 0;
    if (!same && halfFilled) return;
    if (!same) restart(answer.values);
    setBase(answer);
  });

  const reload = async () => {
    try {
      const theirs = await call(getSettings, { params });
      setTheirChanges(changesInWords(base.values, theirs.values) || "nothing you see here");
      keep(theirs, rebased(fields, form.values, { base: base.values, theirs: theirs.values }));
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return { form, theirChanges, reload };
}
export type SettingsSection = ReturnType<typeof useSection>;
