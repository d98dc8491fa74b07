import { Button, Group, Modal, Stack, Text } from "@mantine/core";
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
  onConfirm,
  onClose,
}: Props) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState("");
  usePageBehind(true);
  const confirm = async () => {
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
