/** One thing that somebody else changed: what it was and what it is now, in words. */
export type TheirChange<Field extends string> = { field: Field; label: string; before: string; now: string };

/** How each field of a form is called, and how its value is said. */
export type FieldWords<Values extends object> = {
  [Field in keyof Values & string]: { label: string; say: (value: Values[Field]) => string };
};

const namesOf = <Values extends object>(words: FieldWords<Values>) =>
  Object.keys(words) as (keyof Values & string)[];

/** Only what differs from how it was when the form was opened: what is not named stays as it is. */
export const changedSince = <Values extends object>(words: FieldWords<Values>, base: Values, now: Values) =>
  Object.fromEntries(
    namesOf(words)
      .filter((field) => now[field] !== base[field])
      .map((field) => [field, now[field]]),
  ) as Partial<Values>;

/** Somebody else's changes with one's own on top of them. */
export const rebased = <Values extends object>(
  words: FieldWords<Values>,
  own: Values,
  { base, theirs }: Record<"base" | "theirs", Values>,
): Values => ({ ...theirs, ...changedSince(words, base, own) });

/** What somebody else changed since the form was opened. */
export const theirChanges = <Values extends object>(
  words: FieldWords<Values>,
  base: Values,
  theirs: Values,
): TheirChange<keyof Values & string>[] =>
  namesOf(words)
    .filter((field) => theirs[field] !== base[field])
    .map((field) => {
      const { label, say } = words[field];
      return { field, label, before: say(base[field]), now: say(theirs[field]) };
    });
