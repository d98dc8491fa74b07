import { SidePanel } from "../ui/side-panel.tsx";
import { AddUserForm } from "./add-user-form.tsx";

type Props = {
  opened: boolean;
  onClose: () => void;
  /** Picked already: the group whose page this is opened on. */
  group?: { id: string; name: string; active: boolean };
};

/** The form is made anew each time the panel opens: it always starts on Create User, with nothing left over. */
export const AddUserPanel = ({ opened, onClose, group }: Props) => (
  <SidePanel title="Add User" opened={opened} onClose={onClose}>
    <AddUserForm onDone={onClose} groups={group ? [group] : []} />
  </SidePanel>
);
