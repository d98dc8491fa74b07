/** Rows under their headings, each column as wide as its longest text. */
export function inColumns(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, no) =>
    Math.max(heading.length, ...rows.map((row) => row[no]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, no) => text.padEnd(widths[no] ?? 0))
      .join("  ")
      .trimEnd();
  return [headings, ...rows].map(line).join("\n");
}
