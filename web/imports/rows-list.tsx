import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { Chips } from "../ui/chips.tsx";
import { lookOf, outcomesOf } from "./outcomes.ts";
import { RowDownloads } from "./row-downloads.tsx";
import classes from "./rows-list.module.css";
import { RowsTable } from "./rows-table.tsx";
import type { RowFilter } from "./use-row-pages.ts";
import { withMended } from "./with-mended.ts";

const route = getRouteApi("/t/$tenant/frame/imports/$importId");

type Chip = { value: RowFilter; label: string; count: number };

/** What there is of each outcome, what needs somebody first; then what is worth a look, and everything. */
function chipsOf(found: Import): Chip[] {
  const outcomes = outcomesOf(found).map((value) => ({
    value,
    label: lookOf(value, found).word,
    count: found.counts[value] ?? 0,
  }));
  return [
    ...outcomes,
    ...(found.warnings > 0 ? [{ value: "warnings" as const, label: "Warnings", count: found.warnings }] : []),
    ...(outcomes.length > 1 ? [{ value: "all" as const, label: "All rows", count: found.rows }] : []),
  ];
}

/** The rows of the files by what becomes of them; which of them is in the address. */
export function RowsList({ found }: { found: Import }) {
  const chips = chipsOf(found);
  const { rows: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const first = chips[0];
  const [begunWith] = useState(first?.value);
  if (!first) return null;
  const wanted = asked ?? begunWith;
  const mended: Chip = { value: "problem", label: lookOf("problem", found).word, count: 0 };
  const offered = withMended(chips, wanted, mended);
  const chosen = offered.find((chip) => chip.value === wanted) ?? first;
  return (
    <section className={classes.list} aria-label="Rows">
      <Chips
        label="Outcome"
        chosen={chosen.value}
        onChoose={(rows) => void navigate({ search: { rows }, replace: true, resetScroll: false })}
        chips={offered}
      />
      <RowDownloads found={found} />
      <RowsTable
        key={`${found.state} ${chosen.value}`}
        found={found}
        filter={chosen.value}
        total={chosen.count}
      />
    </section>
  );
}
