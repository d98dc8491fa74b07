import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "../api.ts";
import { usePageBehind } from "./page-behind.ts";

type Props = {
  title: string;
  children: ReactNode;
  /** The words on the button: what will happen, not "OK". */
  verb: string;
  danger?: boolean;
  /** May it be confirmed yet? */
  ready?: boolean;
  /** What has to be typed first, where it cannot be taken back at all. */
  typed?: { label: string; text: string };
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks before something that cannot be taken back. Says whom it concerns and what goes. Mounted while it is open. */
export function ConfirmDialog({
  title,
  children,
  verb,
  danger = false,
  ready = true,
  typed,
  onConfirm,
  onClose,
}: Props) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState("");
  const [written, setWritten] = useState("");
  const [missing, setMissing] = useState("");
  usePageBehind(true);
  const confirm = async () => {
    if (typed && written.trim().toLowerCase() !== typed.text.toLowerCase()) {
      setMissing(`Type ${typed.text}.`);
      return;
    }
    setSending(true);
    setProblem("");
    try {
      await onConfirm();
      onClose();
    } catch (caught) {
      setProblem(caught instanceof ApiProblem ? caught.detail : "That did not work. Try again.");
    } finally {
      setSending(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{title}</Text>}
      zIndex={300}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="md">
        <Text size="sm" component="div">
          {children}
        </Text>
        {typed && (
          <TextInput
            label={typed.label}
            autoComplete="off"
            value={written}
            error={missing}
            onChange={(event) => {
              setWritten(event.currentTarget.value);
              setMissing("");
            }}
          />
        )}
        {problem && (
          <Text size="sm" c="var(--m-bad)" role="alert">
            {problem}
          </Text>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            {...(danger ? { color: "red" } : {})}
            loading={sending}
            disabled={!ready}
            onClick={() => void confirm()}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
