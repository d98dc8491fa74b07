import { Alert, Button, Progress, Text } from "@mantine/core";
import type { Ref } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { count, listing } from "../ui/words.ts";
import { Band } from "./band.tsx";
import { DropZone } from "./drop-zone.tsx";
import { FileSummary } from "./file-summary.tsx";
import classes from "./files-band.module.css";
import { isOver } from "./outcomes.ts";
import type { useUpload } from "./use-upload.ts";

type Props = {
  found: Import | undefined;
  unreachable: boolean;
  upload: ReturnType<typeof useUpload>;
  button: Ref<HTMLButtonElement>;
};

const checking = ({ rows }: Import) =>
  `Checking. ${rows > 0 ? `${count(rows, "row")} read so far.` : "Reading the first rows."}`;

/** Step one: the filled-in files, how far they are, and what was recognised in each. */
export function FilesBand({ found, unreachable, upload, button }: Props) {
  const { uploading, problem } = upload;
  const open = !found || found.state === "checked";
  const reading = found?.state === "uploading" || found?.state === "checking";
  return (
    <Band {...(found && isOver(found) ? {} : { number: 1 })} title={open ? "Choose Files" : "The files"}>
      {open && !uploading && (
        <DropZone
          compact={found !== undefined}
          button={button}
          onFiles={upload.choose}
          words={
            found
              ? "Add a file, or choose a mended one again: it takes the place of the first."
              : "or drop the filled-in templates here: CSV files or Excel workbooks, one or several."
          }
        />
      )}
      {problem && (
        <Alert color="red" role="alert" mt="sm">
          {problem}
        </Alert>
      )}
      {uploading && (
        <div className={classes.progress}>
          <Text>Uploading {listing(uploading.names)}</Text>
          <div className={classes.bar}>
            <Progress value={uploading.share * 100} aria-label="Upload" transitionDuration={150} />
            <Text size="xs" c="dimmed" data-figures>
              {Math.floor(uploading.share * 100)} %
            </Text>
            <Button size="compact-sm" variant="subtle" color="gray" onClick={upload.stop}>
              Stop
            </Button>
          </div>
        </div>
      )}
      {!uploading &&
        found?.files.map((file) => (
          <FileSummary
            key={file.fileNo}
            found={found}
            file={file}
            reading={reading}
            {...(upload.remove ? { remove: upload.remove } : {})}
          />
        ))}
      {reading && !uploading && found?.trouble && (
        <Alert color="amber" role="status" mt="sm">
          {found.trouble}
        </Alert>
      )}
      {reading && !uploading && !found?.trouble && (
        <div className={classes.progress} role="status">
          <Text>{unreachable ? "No connection to Muster. Trying again." : checking(found)}</Text>
          <Progress value={100} animated={!unreachable} aria-label="Check" />
        </div>
      )}
    </Band>
  );
}
