import { Alert, Button } from "@mantine/core";
import type { TheirChange } from "./changes-between.ts";
import classes from "./their-changes.module.css";

type Props<Field extends string> = {
  changes: readonly TheirChange<Field>[];
  /** Does the form say something else there? */
  differs: (field: Field) => boolean;
  onTake: (field: Field) => void;
};

/** What somebody else changed while the form was open: old → new, and theirs to take where one's own is another. */
export const TheirChanges = <Field extends string>({ changes, differs, onTake }: Props<Field>) => (
  <Alert color="amber" role="status" py="xs">
    {changes.length === 0
      ? "Somebody else changed nothing that you see here. Save again."
      : "Somebody else changed this meanwhile. Your own edits are kept. Look them over, then save."}
    <ul className={classes.changes} aria-label="What somebody else changed">
      {changes.map(({ field, label, before, now }) => (
        <li key={field} className={classes.change}>
          <span className={classes.words}>
            {label.charAt(0).toUpperCase() + label.slice(1)}: {before} → {now}
          </span>
          {differs(field) && (
            <Button variant="default" size="compact-xs" onClick={() => onTake(field)}>
              Take their {label}
            </Button>
          )}
        </li>
      ))}
    </ul>
  </Alert>
);
