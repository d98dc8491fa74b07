import { Button } from "@mantine/core";

type Props = { form: { sending: boolean; halfFilled: boolean }; variant?: "default" };

/** Saves a form; there is nothing to save before something was changed. */
export const SaveButton = ({ form, variant }: Props) => (
  <Button
    type="submit"
    {...(variant && { variant })}
    loading={form.sending}
    disabled={!form.halfFilled && !form.sending}
  >
    Save
  </Button>
);
