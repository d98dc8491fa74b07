import { Button, FileButton, Text } from "@mantine/core";
import type { Ref } from "react";
import classes from "./files-band.module.css";
import { PasteRows } from "./paste-rows.tsx";
import { useDroppedFiles } from "./use-dropped-files.ts";

type Props = {
  compact: boolean;
  onFiles: (files: File[]) => void;
  button: Ref<HTMLButtonElement>;
  words: string;
};

/** Choose Files, or drop them: here, or anywhere on the page. */
export function DropZone({ compact, onFiles, button, words }: Props) {
  const over = useDroppedFiles(onFiles);
  return (
    <div className={classes.dropZone} data-over={over || undefined} data-compact={compact || undefined}>
      <FileButton multiple accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={onFiles}>
        {(props) => (
          <Button {...props} ref={button} variant="default">
            Choose Files
          </Button>
        )}
      </FileButton>
      <PasteRows onFiles={onFiles} />
      <Text c="dimmed">{words}</Text>
    </div>
  );
}
