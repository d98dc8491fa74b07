import { Button, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";

/** Cells copied from a spreadsheet, as the file they would be: tabs between cells. */
const fileOf = (text: string) => new File([text], "pasted-rows.tsv", { type: "text/tab-separated-values" });

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Cells copied from a spreadsheet: pasted anywhere on the page, or into a field for whoever prefers to see them. */
export function PasteRows({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (isTyping(event.target) || !/[\t\n,;]/.test(pasted.trim())) return;
      event.preventDefault();
      take.current([fileOf(pasted)]);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Paste rows
      </Button>
      {open && (
        <ConfirmDialog
          title="Paste rows from a spreadsheet"
          verb="Check these rows"
          onClose={() => setOpen(false)}
          onConfirm={async () => {
            if (text.trim()) onFiles([fileOf(text)]);
            setText("");
          }}
        >
          <Textarea
            label="Rows, with the headings first"
            description="Copy them in Excel, LibreOffice or Google Sheets and paste them here. Nothing is imported yet."
            rows={8}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </ConfirmDialog>
      )}
    </>
  );
}
