import { useEffect, useState } from "react";
import { changeImportSafety, getImportSafety } from "#server/features/imports/contract.ts";
import { call, type Output } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { type FieldWords, rebased, theirChanges } from "../ui/changes-between.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { listing, number } from "../ui/words.ts";

type Answer = Output<typeof getImportSafety>;
/** A number field that somebody has emptied holds no number. */
type Values = Record<keyof Omit<Answer, "version">, number | "">;

const say = (value: number | "") => (value === "" ? "empty" : number(value));
export const safetyWords: FieldWords<Values> = {
  changedPercent: { label: "Users changed, in percent of all", say },
  emails: { label: "Emails sent", say },
  newGroups: { label: "Groups created", say },
};
export const safetyFields = Object.keys(safetyWords) as (keyof Values)[];

const valuesOf = ({ version: _, ...values }: Answer): Values => values;

/** The form of the safety limits; never saves over what somebody else has saved meanwhile. */
export function useSafety(answer: Answer) {
  const params = { tenant: useTenant() };
  const change = useCall(changeImportSafety);
  const [base, setBase] = useState(answer);
  const [theirs, setTheirs] = useState("");
  const keep = (next: Answer, shown = valuesOf(next)) => {
    form.restart(shown, valuesOf(next));
    setBase(next);
    queryClient.setQueryData(read(getImportSafety, { params }).queryKey, next);
  };
  const form = useForm<Values>({
    initial: valuesOf(answer),
    check: (values) => checkWith(changeImportSafety.body, { ...values, version: 0 }),
    send: async (values) => {
      keep(await change.mutateAsync({ params, body: { ...(values as Answer), version: base.version } }));
      setTheirs("");
      void forget();
      tell("Saved: the safety limits of imports.");
    },
  });
  const { halfFilled, restart } = form;

  // What somebody else saved is shown, unless something is typed here: then saving is refused, and says so.
  useEffect(() => {
    if (answer.version === base.version || halfFilled) return;
    restart(valuesOf(answer));
    setBase(answer);
  });

  const reload = async () => {
    try {
      const now = await call(getImportSafety, { params });
      const changes = theirChanges(safetyWords, valuesOf(base), valuesOf(now));
      setTheirs(listing(changes.map(({ label, now }) => `${label} (now ${now})`)) || "nothing you see here");
      keep(now, rebased(safetyWords, form.values, { base: valuesOf(base), theirs: valuesOf(now) }));
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return { form, theirChanges: theirs, reload };
}
