import { ActionIcon, Badge, Text } from "@mantine/core";
import { IconFileText, IconX } from "@tabler/icons-react";
import type { Import } from "#server/features/imports/contract.ts";
import { Prose } from "../ui/prose.tsx";
import { fileSize } from "../ui/words.ts";
import classes from "./files-band.module.css";

type File = Import["files"][number];
type Recognised = NonNullable<File["recognised"]>;
type Props = { file: File; reading: boolean; remove?: (fileNo: number) => void };

const separators: Record<string, string> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "vertical bar",
};

/** utf-8 → UTF-8, windows-1252 → Windows-1252. */
const encodingName = (encoding: string) =>
  /^utf/i.test(encoding) ? encoding.toUpperCase() : encoding.charAt(0).toUpperCase() + encoding.slice(1);

/** One chosen file: what it is taken for, and what was recognised in it. */
export const FileSummary = ({ file, reading, remove }: Props) => (
  <div className={classes.file}>
    <IconFileText size={20} stroke={1.5} aria-hidden="true" />
    <div className={classes.about}>
      <div className={classes.fileHead}>
        <Text fw={500} className={classes.fileName ?? ""}>
          {file.name}
        </Text>
        <Text size="xs" c="dimmed">
          {fileSize(file.bytes)}
        </Text>
        {file.kind && (
          <Badge variant="light" radius="sm" tt="none" fw={500}>
            {file.kind === "create" ? "creates users" : "invites users"}
          </Badge>
        )}
      </div>
      {file.problem && (
        <Text c="var(--m-bad)" role="alert">
          <Prose>{file.problem}</Prose>
        </Text>
      )}
      {file.recognised ? (
        <Columns recognised={file.recognised} />
      ) : (
        !file.problem && reading && <Text c="dimmed">Not read yet.</Text>
      )}
    </div>
    {remove && (
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Leave out ${file.name}`}
        onClick={() => remove(file.fileNo)}
      >
        <IconX size={16} />
      </ActionIcon>
    )}
  </div>
);

function Columns({ recognised }: { recognised: Recognised }) {
  const { columns, encoding, delimiter, headerRow } = recognised;
  const ignored = columns.filter((column) => column.use === null).map((column) => column.header);
  return (
    <>
      <Text size="xs" c="dimmed">
        {encodingName(encoding)}, separated by {separators[delimiter] ?? delimiter}
        {headerRow > 1 && <>, headings in row {headerRow}</>}
      </Text>
      <ul className={classes.columns} aria-label="Columns recognised">
        {columns
          .filter((column) => column.use !== null)
          .map(({ header, use }) => (
            <li key={header}>{header === use ? header : `${header} → ${use}`}</li>
          ))}
      </ul>
      {ignored.length > 0 && (
        <Text size="xs" c="dimmed">
          Not used: {ignored.join(", ")}
        </Text>
      )}
    </>
  );
}
