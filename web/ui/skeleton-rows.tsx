import classes from "./table.module.css";

const widths = ["62%", "74%", "48%", "56%", "68%", "40%"];

/** Rows in the final layout while the first page of a table is on its way. */
export const SkeletonRows = ({ columns, rows = 12 }: { columns: number; rows?: number }) =>
  Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they have no other identity and never move
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <td key={column}>
          <span className={classes.skeleton} style={{ width: widths[(row + column * 2) % widths.length] }} />
        </td>
      ))}
    </tr>
  ));
