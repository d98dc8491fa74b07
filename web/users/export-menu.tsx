import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconFileSpreadsheet, IconFileTypeCsv } from "@tabler/icons-react";
import { exportUsers, exportUsersWorkbook } from "#server/features/users/contract.ts";
import { address } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { people } from "../ui/words.ts";

type Props = {
  /** What the list is narrowed to, as its address has it. */
  filter: Record<string, string | undefined>;
  /** How many that are; undefined while they are counted. */
  total: number | undefined;
};

/** Downloads whom the list shows, all pages of it, as a file that can be changed and imported again. */
export function ExportMenu({ filter, total }: Props) {
  const input = { params: { tenant: useTenant() }, query: filter };
  const me = useMe();
  return (
    <Menu position="bottom-end" width={264}>
      <Menu.Target>
        <Button variant="subtle" rightSection={<IconChevronDown size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {total === 0 ? (
          <Menu.Label>There is nobody to export in this list.</Menu.Label>
        ) : (
          <>
            <Menu.Label>
              Export {total === undefined ? "everybody in this list" : people(total)} as
            </Menu.Label>
            <Menu.Item
              component="a"
              download
              href={address(exportUsers, input)}
              leftSection={<IconFileTypeCsv size={16} />}
            >
              CSV
            </Menu.Item>
            <Menu.Item
              component="a"
              download
              href={address(exportUsersWorkbook, input)}
              leftSection={<IconFileSpreadsheet size={16} />}
            >
              Excel
            </Menu.Item>
            {may(me, "imports.run") && (
              <Menu.Label fw={400}>
                Change names or groups in the file and import it to change many people at once.
              </Menu.Label>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
