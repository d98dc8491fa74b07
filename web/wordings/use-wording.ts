import { useState } from "react";
import {
  changeWording,
  listWordings,
  resetWording,
  type WordingAnswer,
  type WordingsAnswer,
} from "#server/features/mail/contract.ts";
import { kindName } from "#server/features/mail/kind-names.ts";
import { placeholderProblem, type Wording } from "#server/features/mail/shapes.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { call } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { checkWith, type Problems, useForm } from "../ui/use-form.tsx";
import { parts, rebased } from "./wording-parts.ts";

export type Worded = {
  kind: string;
  answer: WordingAnswer;
  placeholders: WordingsAnswer["items"][number]["placeholders"];
};

function check(wording: Wording, allowed: readonly string[]): Problems {
  const unknown = parts.flatMap((part) => {
    const problem = placeholderProblem(wording[part], allowed);
    return problem ? [[part, problem]] : [];
  });
  return { ...Object.fromEntries(unknown), ...checkWith(changeWording.body, { ...wording, version: 0 }) };
}

const inList = (kind: string, saved: WordingAnswer) => (list: WordingsAnswer | undefined) =>
  list && {
    items: list.items.map((item) => {
      if (item.kind !== kind) return item;
      const wordings = item.wordings.map((one) => (one.language === saved.language ? saved : one));
      return { ...item, wordings };
    }),
  };

/** The form of one email's words in one language: never over what somebody else has changed since it was opened. */
export function useWording({ kind, answer, placeholders }: Worded) {
  const params = { tenant: useTenant() };
  const which = { ...params, kind, language: answer.language };
  const name = `${kindName(kind)}, ${languageNames[answer.language]}`;
  const [base, setBase] = useState(answer);
  const change = useCall(changeWording);
  const reset = useCall(resetWording);
  const keep = (saved: WordingAnswer, shown = saved.said) => {
    form.restart(shown, saved.said);
    setBase(saved);
    queryClient.setQueryData(read(listWordings, { params }).queryKey, inList(kind, saved));
    void forget();
  };
  const allowed = placeholders.map((placeholder) => placeholder.name);
  const form = useForm<Wording>({
    initial: answer.said,
    check: (wording) => check(wording, allowed),
    send: async (wording) => {
      keep(await change.mutateAsync({ params: which, body: { ...wording, version: base.version } }));
      tell(`Saved: ${name}. From now on the emails say this.`);
    },
  });
  const tryTo = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return {
    form,
    base,
    valid: Object.keys(check(form.values, allowed)).length === 0,
    reset: () =>
      tryTo(async () => {
        keep(await reset.mutateAsync({ params: which }));
        tell(`${name}: from now on the emails say what is usual.`);
      }),
    resetting: reset.isPending,
    reload: () =>
      tryTo(async () => {
        const { items } = await call(listWordings, { params });
        const ofKind = items.find((item) => item.kind === kind)?.wordings;
        const theirs = ofKind?.find((one) => one.language === answer.language);
        if (theirs) keep(theirs, rebased(form.values, base.said, theirs.said));
      }),
  };
}
