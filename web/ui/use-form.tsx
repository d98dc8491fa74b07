import { type ChangeEvent, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { ApiProblem } from "../api.ts";
import { Prose } from "./prose.tsx";

export type Problems = Record<string, string>;

/** A form's own check by the contract's schema: the first problem of each field. */
export const checkWith = (schema: z.ZodType, input: unknown): Problems => {
  const problems: Problems = {};
  const parsed = schema.safeParse(input);
  for (const issue of parsed.error?.issues ?? []) problems[String(issue.path[0] ?? "")] ??= issue.message;
  return problems;
};

type Options<Values> = {
  initial: Values;
  check: (values: Values) => Problems;
  /** Runs once per submission, only when nothing is wrong. An `ApiProblem` it throws is shown at its fields. */
  send: (values: Values) => Promise<unknown>;
  /** Where a field of the request has another name than the form's. */
  names?: Readonly<Record<string, keyof Values & string>>;
  /** What is no loss when the form is closed: not typed, but chosen with one press. */
  cheap?: readonly (keyof Values & string)[];
};

const given = (values: object, cheap: readonly string[]) =>
  JSON.stringify(values, (key, value) => (cheap.includes(key) ? undefined : value));

/** The names of fields whose value is text. */
type TextField<Values> = { [K in keyof Values]: Values[K] extends string ? K : never }[keyof Values] & string;

/**
 * The state of one form. A field's problem is shown once the person has left the field or tried to submit, and from
 * then on as they type. What the server refused stands at its field until that field is changed.
 */
export function useForm<Values extends object>({
  initial,
  check,
  send,
  names = {},
  cheap = [],
}: Options<Values>) {
  const [values, setValues] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tries, setTries] = useState(0);
  const [refused, setRefused] = useState<Problems>({});
  const [general, setGeneral] = useState<ApiProblem | null>(null);
  const [sending, setSending] = useState(false);
  const busy = useRef(false);
  const element = useRef<HTMLFormElement>(null);
  const problems = check(values);

  // Whoever submits a form with problems is taken to the first of them.
  useEffect(() => {
    if (tries > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);

  const error = (name: keyof Values & string) =>
    refused[name] ?? (tries > 0 || left.has(name) ? problems[name] : undefined);

  const leave = (name: string) =>
    setLeft((before) => (before.has(name) ? before : new Set(before).add(name)));

  const set = <K extends keyof Values & string>(name: K, value: Values[K]) => {
    setValues((before) => ({ ...before, [name]: value }));
    setRefused(({ [name]: _, ...others }) => others);
  };

  const refuse = (problem: ApiProblem) => {
    const fields = Object.entries(problem.fields).map(([path, words]) => {
      const [first = path] = path.split(".");
      return [names[path] ?? names[first] ?? first, words] as const;
    });
    const known = fields.filter(([name]) => name in values);
    setRefused(Object.fromEntries(known));
    if (known.length === 0) setGeneral(problem);
    setTries((count) => count + 1);
  };

  const submit = async () => {
    if (busy.current) return;
    setGeneral(null);
    if (Object.keys(problems).length > 0) return setTries((count) => count + 1);
    busy.current = true;
    setSending(true);
    try {
      await send(values);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      refuse(problem);
    } finally {
      busy.current = false;
      setSending(false);
    }
  };

  /** `from`: what is saved already, where `next` has more in it than that. */
  const restart = (next: Values, from = next) => {
    setValues(next);
    setSaved(from);
    setLeft(new Set());
    setTries(0);
    setRefused({});
    setGeneral(null);
  };

  return {
    values,
    /** Would something be lost if the form went away now? */
    halfFilled: !sending && given(values, cheap) !== given(saved, cheap),
    element,
    sending,
    general,
    submit,
    set,
    error,
    restart,
    leave,
    /** The fields in which something is wrong, shown yet or not. */
    problems: () => Object.keys(problems),
    /** What a text input needs; `error` is left out where there is none. */
    field: (name: TextField<Values>) => {
      const words = error(name);
      return {
        name,
        value: values[name] as string,
        onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
          set(name, event.currentTarget.value as Values[typeof name]),
        onBlur: () => leave(name),
        ...(words ? { error: <Prose>{words}</Prose> } : {}),
      };
    },
  };
}
