import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import classes from "./sort-header.module.css";

type Props<Key extends string> = {
  label: string;
  by: Key;
  /** What the table is sorted by now; with `-` the other way round. */
  sort: Key | `-${Key}`;
  /** Dates begin with the latest. */
  latestFirst?: boolean;
  className?: string | undefined;
  onSort: (sort: Key | `-${Key}`) => void;
};

/** A column's head that sorts by it, and the other way round when it does already. */
export function SortHeader<Key extends string>({
  label,
  by,
  sort,
  latestFirst,
  className,
  onSort,
}: Props<Key>) {
  const ascending = sort === by;
  const descending = sort === `-${by}`;
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  const next = ascending || (!descending && latestFirst) ? (`-${by}` as const) : by;
  return (
    <th className={className} aria-sort={ascending ? "ascending" : descending ? "descending" : "none"}>
      <button type="button" className={classes.sort} onClick={() => onSort(next)}>
        {label}
        <Arrow size={12} aria-hidden className={ascending || descending ? classes.arrow : classes.possible} />
      </button>
    </th>
  );
}
