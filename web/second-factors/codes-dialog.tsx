import { Modal, Text } from "@mantine/core";
import { usePageBehind } from "../ui/page-behind.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Props = { codes: readonly string[]; onClose: () => void };

/** Nothing but its own button closes it: they are not shown again. */
export function CodesDialog({ codes, onClose }: Props) {
  usePageBehind(true);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>Your new recovery codes</Text>}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <RecoveryCodes codes={codes} onKept={onClose} />
    </Modal>
  );
}
