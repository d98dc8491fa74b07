import { ActionIcon, Button, SegmentedControl, Text } from "@mantine/core";
import { IconFileText, IconX } from "@tabler/icons-react";
import { changeImportFile, type Import } from "#server/features/imports/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { Prose } from "../ui/prose.tsx";
import { fileSize } from "../ui/words.ts";
import { ColumnMapping } from "./column-mapping.tsx";
import { EverybodyInto } from "./everybody-into.tsx";
import { FileReading } from "./file-reading.tsx";
import classes from "./files-band.module.css";
import { type Body, useImportChange } from "./use-import.ts";

export type ImportFile = Import["files"][number];
export type FileChange = (body: Body<typeof changeImportFile>) => void;
type Props = { found: Import; file: ImportFile; reading: boolean; remove?: (fileNo: number) => void };

/** One chosen file: what it is taken for, what was recognised in it, and every guess to be corrected. */
export function FileSummary({ found, file, reading, remove }: Props) {
  const params = { tenant: useTenant(), importId: found.id, fileNo: file.fileNo };
  const { run, pending } = useImportChange(changeImportFile, found.id);
  const allowed = may(useMe(), "imports.run") && found.state === "checked";
  const change: FileChange = (body) => void run({ params, body });
  return (
    <div className={classes.file} aria-busy={pending}>
      <IconFileText size={20} stroke={1.5} aria-hidden="true" />
      <div className={classes.about}>
        <div className={classes.fileHead}>
          <Text fw={500} className={classes.fileName ?? ""}>
            {file.name}
          </Text>
          <Text size="xs" c="dimmed">
            {fileSize(file.bytes)}
          </Text>
          <Kind file={file} change={allowed ? change : undefined} />
        </div>
        {file.problem && (
          <Text c="var(--m-bad)" role="alert">
            <Prose>{file.problem}</Prose>
          </Text>
        )}
        {file.problem && allowed && file.ways.includes("names_from_address") && (
          <Button
            size="compact-sm"
            variant="default"
            mt={4}
            onClick={() => change({ namesFromAddress: true })}
          >
            Take the names from the addresses
          </Button>
        )}
        {file.recognised ? (
          <>
            <FileReading file={file} recognised={file.recognised} change={allowed ? change : undefined} />
            <ColumnMapping file={file} recognised={file.recognised} change={allowed ? change : undefined} />
            {allowed && !file.problem && <EverybodyInto file={file} change={change} />}
          </>
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
}

const kinds = [
  { value: "create", label: "Create users" },
  { value: "invite", label: "Invite users" },
];

function Kind({ file, change }: { file: ImportFile; change: FileChange | undefined }) {
  if (!file.kind) return null;
  if (!change)
    return (
      <Text size="xs" c="dimmed">
        {file.kind === "create" ? "creates users" : "invites users"}
      </Text>
    );
  return (
    <SegmentedControl
      size="xs"
      aria-label={`What ${file.name} does`}
      data={kinds}
      value={file.kind}
      onChange={(kind) => change({ kind: kind as "create" | "invite" })}
    />
  );
}
