import { useEffect, useRef } from "react";
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
export function Chips<Value extends string | undefined>({ label, chips, chosen, onChoose }: Props<Value>) {
  const widest = useWidest();
  const counted = chips.every(({ count }) => count !== undefined) && chips.length;
  return (
    <fieldset className={classes.chips} ref={useInSight(chosen, counted)}>
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
          <span className={classes.count} style={{ minWidth: `${widest(chip)}ch` }} data-figures>
            {written(chip.count)}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

const written = (count: number | string | undefined) => (typeof count === "number" ? number(count) : count);

/** How many figures each count has had at most: while one types, the figures get fewer and nothing beside them moves. */
function useWidest() {
  const seen = useRef(new Map<string, number>());
  return ({ label, count }: Chip<unknown>) => {
    const figures = Math.max(seen.current.get(label) ?? 1, String(written(count) ?? "").length);
    seen.current.set(label, figures);
    return figures;
  };
}

/** On a telephone the chips are one line that scrolls: the chosen one is brought into it, also where an address chose it. */
function useInSight(chosen: unknown, counted: unknown) {
  const line = useRef<HTMLFieldSetElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen, and how wide the chips are
  useEffect(() => {
    const chip = line.current?.querySelector<HTMLElement>("[aria-pressed=true]");
    if (!line.current || !chip) return;
    const [from, until] = [chip.offsetLeft - line.current.offsetLeft, chip.offsetWidth];
    line.current.scrollLeft = from - (line.current.clientWidth - until) / 2;
  }, [chosen, counted]);
  return line;
}
