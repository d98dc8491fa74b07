import { Button, Menu } from "@mantine/core";
import { IconChevronUp, IconFileSpreadsheet, IconFileTypeCsv } from "@tabler/icons-react";
import { useState } from "react";
import { exportSelectedUsers, exportSelectedUsersWorkbook } from "#server/features/users/contract.ts";
import { save } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { tellProblem } from "../ui/toast.ts";
import { people } from "../ui/words.ts";
import type { Selection } from "./use-selection.ts";

type Props = {
  selection: Selection;
  /** Who the list shows, as the server is asked. */
  filter: object;
};

/** Downloads exactly those who are ticked, whatever page they are on. They stay ticked. */
export function ExportSelection({ selection, filter }: Props) {
  const params = { tenant: useTenant() };
  const [busy, setBusy] = useState(false);
  const run = async (endpoint: typeof exportSelectedUsers) => {
    setBusy(true);
    await save(endpoint, { params, body: { selection: selection.body(filter) } }).catch(tellProblem);
    setBusy(false);
  };
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Button variant="default" size="sm" loading={busy} rightSection={<IconChevronUp size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Export {people(selection.count)} as</Menu.Label>
        <Menu.Item leftSection={<IconFileTypeCsv size={16} />} onClick={() => void run(exportSelectedUsers)}>
          CSV
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileSpreadsheet size={16} />}
          onClick={() => void run(exportSelectedUsersWorkbook)}
        >
          Excel
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
