import { VisuallyHidden } from "@mantine/core";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import table from "../ui/table.module.css";
import { number } from "../ui/words.ts";
import { GridRow } from "./grid-row.tsx";
import { lookOf } from "./outcomes.ts";
import { columnsOf, isValue } from "./row-columns.ts";
import classes from "./rows-table.module.css";
import { type CellPlace, useGridFocus } from "./use-grid-focus.ts";
import { useRowEdits } from "./use-row-edits.ts";
import { type RowFilter, useRowPages } from "./use-row-pages.ts";
import { withRole } from "./with-role.ts";

type Props = { found: Import; filter: RowFilter; total: number };

const rowHeight = 37;
const headHeight = 36;

/**
 * The rows, however many: only those in sight are on the page. Each problem stands at its cell, where it is mended. One stop
 * of the Tab key; arrows move between the cells.
 */
export function RowsTable({ found, filter, total }: Props) {
  const allowed = may(useMe(), "imports.run") && found.state === "checked";
  const columns = useMemo(() => columnsOf(found), [found]);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [said, say] = useState("");
  const pages = useRowPages(found, filter);
  const count = pages.complete ? pages.known : Math.max(total, pages.known);
  const [active, activate] = useState<CellPlace>({ index: 0, column: 1 });
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (filter === "problem" || filter === "warnings" ? rowHeight + 24 : rowHeight),
    overscan: 10,
    scrollPaddingStart: headHeight,
    // Whoever scrolls away does not lose the cell they are at.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(active.index, count - 1)])]
        .filter((index) => index >= 0)
        .sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  const { see } = pages;
  useEffect(() => {
    see(Math.max(startIndex - 10, 0), Math.max(Math.min(endIndex + 10, count - 1), 0));
  });
  const edits = useRowEdits(found, {
    replace: pages.replace,
    say: (row, now) => {
      const { problem = 0, unknown_group: waiting = 0 } = now.counts;
      const left = problem + (now.createMissingGroups ? 0 : waiting);
      say(
        `Row ${row.rowNo}: ${lookOf(row.outcome, now).word}. ${number(left)} ${left === 1 ? "problem" : "problems"} left.`,
      );
    },
  });
  const editable = (index: number, column: number) => {
    const key = columns[column]?.key;
    return allowed && key !== undefined && isValue(key) && pages.rowAt(index) !== undefined;
  };
  const focus = useGridFocus({
    grid,
    active,
    activate,
    rows: count,
    columns: columns.length,
    editable,
    reveal: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    pageRows: Math.max(endIndex - startIndex - 1, 1),
  });

  if (pages.error) return <LoadFailed problem={pages.error} retry={pages.retry} />;
  const narrowest = columns.reduce((sum, { width }) => sum + Number(/\d+/.exec(width)?.[0]), 8);
  const template = columns.map((column) => column.width).join(" ");
  return (
    <div
      className={classes.scroller}
      ref={scroller}
      style={{ "--columns": template, "--narrowest": `${narrowest}px` } as CSSProperties}
    >
      <table
        {...withRole("grid", { "aria-rowcount": count + 1, "aria-readonly": !allowed })}
        ref={grid}
        className={classes.grid}
        aria-label="Rows of the files"
        onKeyDown={focus.onKeyDown}
      >
        <thead {...withRole("rowgroup")} className={classes.head}>
          <tr {...withRole("row")} aria-rowindex={1} className={classes.row}>
            {columns.map((column) => (
              <th key={column.key} {...withRole("columnheader")} scope="col" data-column={column.key}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...withRole("rowgroup")} className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = pages.rowAt(index);
            return row ? (
              <GridRow
                key={index}
                ref={virtual.measureElement}
                row={row}
                index={index}
                start={start}
                shown={{ columns, found }}
                notes={filter === "warnings" || active.index === index ? "all" : "problems"}
                active={active.index === index ? active.column : null}
                editing={active.index === index && focus.editing}
                allowed={allowed}
                edits={edits}
                focus={focus}
              />
            ) : (
              <tr
                key={index}
                {...withRole("row")}
                data-index={index}
                ref={virtual.measureElement}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
                aria-busy="true"
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    {...withRole("gridcell")}
                    data-column={column.key}
                    className={classes.cell}
                  >
                    <span className={`${table.skeleton} ${classes.skeleton}`} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </div>
  );
}
