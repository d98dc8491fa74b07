import { Button, Text } from "@mantine/core";
import type { Worded } from "./use-wording.ts";
import classes from "./wordings.module.css";

type Props = Pick<Worded, "placeholders"> & { onInsert: (text: string) => void };

/** What the words of an email may name; pressed, it is put where the cursor was. */
export const PlaceholderList = ({ placeholders, onInsert }: Props) => (
  <div>
    <Text c="dimmed" mb="xs">
      These stand for something else in each email. Press one to put it where you are writing.
    </Text>
    <ul className={classes.placeholders}>
      {placeholders.map(({ name, meaning }) => (
        <li key={name}>
          <Button
            variant="default"
            size="compact-xs"
            className={classes.placeholder ?? ""}
            onClick={() => onInsert(`{{${name}}}`)}
          >
            {`{{${name}}}`}
          </Button>
          <span className={classes.aside}>{meaning}</span>
        </li>
      ))}
    </ul>
  </div>
);
