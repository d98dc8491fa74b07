import { Modal, Text, TextInput } from "@mantine/core";
import { type OwnFactors, renamePasskey } from "#server/features/second-factors/contract.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { Form } from "../ui/form.tsx";
import { usePageBehind } from "../ui/page-behind.ts";
import { SaveButton } from "../ui/save-button.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";

type Props = { passkey: OwnFactors["passkeys"][number]; onClose: () => void };

export function RenamePasskey({ passkey, onClose }: Props) {
  const params = { tenant: useTenant(), passkeyId: passkey.id };
  const rename = useCall(renamePasskey);
  usePageBehind(true);
  const form = useForm({
    initial: { name: passkey.name },
    check: (values) => checkWith(renamePasskey.body, values),
    send: async (body) => {
      await rename.mutateAsync({ params, body });
      await forget("me");
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>Rename your passkey</Text>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Form form={form}>
        <TextInput label="Name" autoComplete="off" data-autofocus {...form.field("name")} />
        <div>
          <SaveButton form={form} />
        </div>
      </Form>
    </Modal>
  );
}
