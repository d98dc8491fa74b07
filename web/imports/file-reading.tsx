import { Button, NumberInput, Select, Text } from "@mantine/core";
import { useState } from "react";
import type { FileChange, ImportFile } from "./file-summary.tsx";
import classes from "./files-band.module.css";

type Recognised = NonNullable<ImportFile["recognised"]>;
type Props = { file: ImportFile; recognised: Recognised; change: FileChange | undefined };

const separators = [
  { value: ",", label: "comma" },
  { value: ";", label: "semicolon" },
  { value: "\t", label: "tab" },
  { value: "|", label: "vertical bar" },
];
const encodings = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16LE" },
  { value: "utf-16be", label: "UTF-16BE" },
  { value: "windows-1252", label: "Windows-1252 (Western European)" },
  { value: "windows-1250", label: "Windows-1250 (Central European)" },
  { value: "windows-1251", label: "Windows-1251 (Cyrillic)" },
  { value: "windows-1253", label: "Windows-1253 (Greek)" },
  { value: "windows-1254", label: "Windows-1254 (Turkish)" },
  { value: "shift_jis", label: "Shift JIS (Japanese)" },
  { value: "gb18030", label: "GB 18030 (Chinese)" },
  { value: "big5", label: "Big5 (Chinese)" },
  { value: "euc-kr", label: "EUC-KR (Korean)" },
];
const labelOf = (options: readonly { value: string; label: string }[], value: string) =>
  options.find((one) => one.value === value)?.label ?? value;

/** How the file was read, in a line; each guess can be corrected. */
export function FileReading({ file, recognised, change }: Props) {
  const [open, setOpen] = useState(false);
  const { format, sheet, encoding, delimiter, headerRow, notes } = recognised;
  const said =
    format === "xlsx"
      ? `Excel workbook, sheet ${sheet}`
      : `${labelOf(encodings, encoding)}, separated by ${labelOf(separators, delimiter)}`;
  return (
    <>
      <div className={classes.reading}>
        <Text size="xs" c="dimmed">
          {said}
          {headerRow > 1 && <>, headings in row {headerRow}</>}
        </Text>
        {change && !open && (
          <Button
            className={classes.textButton ?? ""}
            size="compact-xs"
            variant="subtle"
            onClick={() => setOpen(true)}
          >
            Read it differently
          </Button>
        )}
      </div>
      {notes.map((note) => (
        <Text key={note} size="xs" c="var(--m-warn)">
          {note}
        </Text>
      ))}
      {change && open && <Corrections file={file} recognised={recognised} change={change} />}
    </>
  );
}

function Corrections({ file, recognised, change }: Props & { change: FileChange }) {
  const { format, sheets, sheet, encoding, delimiter, headerRow } = recognised;
  return (
    <div className={classes.corrections}>
      {format === "xlsx" ? (
        <Select
          size="xs"
          label="Sheet"
          data={sheets}
          value={sheet}
          allowDeselect={false}
          onChange={(value) => value && change({ sheet: value })}
        />
      ) : (
        <>
          <Select
            size="xs"
            label="Encoding"
            data={encodings}
            value={encoding}
            allowDeselect={false}
            onChange={(value) => value && change({ encoding: value })}
          />
          <Select
            size="xs"
            label="Separator"
            data={separators}
            value={delimiter}
            allowDeselect={false}
            onChange={(value) => value && change({ delimiter: value as "," })}
          />
        </>
      )}
      <NumberInput
        key={`${file.fileNo}:${headerRow}`}
        size="xs"
        label="Headings in row"
        w={112}
        min={1}
        max={50}
        clampBehavior="strict"
        defaultValue={headerRow}
        onBlur={(event) => {
          const row = Number(event.currentTarget.value);
          if (Number.isInteger(row) && row > 0 && row !== headerRow) change({ headerRow: row });
        }}
      />
    </div>
  );
}
