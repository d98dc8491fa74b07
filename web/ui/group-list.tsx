import { Combobox } from "@mantine/core";
import type { GroupLabel } from "#server/features/groups/contract.ts";
import { GroupMark } from "./group-mark.tsx";

/** The value of the entry that makes a group instead of choosing one. */
export const create = "create";

type Props = {
  typed: string;
  offered: readonly GroupLabel[];
  creatable: boolean;
  /** Whether a group could be made here at all. */
  allowed: boolean;
  settled: boolean;
  exists: boolean;
  unread: string | undefined;
};

/** What can be chosen for what was typed; the last entry makes a group of that name. */
export const GroupList = (props: Props) => (
  <Combobox.Dropdown>
    <Combobox.Options mah={240} style={{ overflowY: "auto" }} aria-label="Choices">
      {props.offered.map((group) => (
        <Combobox.Option key={group.id} value={group.id}>
          <GroupMark group={group} />
        </Combobox.Option>
      ))}
      {props.creatable && (
        <Combobox.Option value={create}>Create group “{props.typed.trim()}”</Combobox.Option>
      )}
      {props.offered.length === 0 && !props.creatable && <Combobox.Empty>{emptyWords(props)}</Combobox.Empty>}
    </Combobox.Options>
  </Combobox.Dropdown>
);

function emptyWords({ typed, settled, exists, unread, allowed }: Props) {
  if (unread) return unread;
  if (!settled) return "Looking…";
  if (exists) return "Chosen already.";
  if (typed.trim()) return "No group begins with that.";
  return allowed ? "No more groups to choose. Type a name to create one." : "No more groups to choose.";
}
