import classes from "./chips.module.css";
import { number } from "./words.ts";

type Chip<Value> = {
  value: Value;
  label: string /** A text where it is not exact. */;
  count: number | string | undefined;
};
type Props<Value> = {
  label: string;
  chips: readonly Chip<Value>[];
  chosen: Value;
  onChoose: (value: Value) => void;
};

/** Counts that are filters: what there is of each kind, and one press shows only those. */
export const Chips = <Value extends string | undefined>({ label, chips, chosen, onChoose }: Props<Value>) => (
  <fieldset className={classes.chips}>
    <legend>{label}</legend>
    {chips.map((chip) => (
      <button
        key={chip.label}
        type="button"
        className={classes.chip}
        aria-pressed={chip.value === chosen}
        onClick={() => onChoose(chip.value)}
      >
        {chip.label}
        <span className={classes.count} data-figures>
          {typeof chip.count === "number" ? number(chip.count) : chip.count}
        </span>
      </button>
    ))}
  </fieldset>
);
