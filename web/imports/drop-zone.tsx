import { Button, FileButton, Text } from "@mantine/core";
import { type DragEvent, type Ref, useState } from "react";
import classes from "./files-band.module.css";

type Props = { onFiles: (files: File[]) => void; button: Ref<HTMLButtonElement>; words: string };

/** Choose Files, or drop them. */
export function DropZone({ onFiles, button, words }: Props) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first
    <div
      className={classes.dropZone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileButton multiple accept=".csv,.tsv,.txt,text/csv" onChange={onFiles} key={words}>
        {(props) => (
          <Button {...props} ref={button} variant="default">
            Choose Files
          </Button>
        )}
      </FileButton>
      <Text c="dimmed">{words}</Text>
    </div>
  );
}
