import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconListCheck, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTenant } from "../shell/queries.ts";

/** What is seldom wanted of users as a whole. */
export function UsersMenu() {
  const params = { tenant: useTenant() };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="More about users">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          renderRoot={(props) => <Link {...props} to="/t/$tenant/bulk-actions" params={params} />}
          leftSection={<IconListCheck size={16} />}
        >
          Bulk actions
        </Menu.Item>
        <Menu.Item
          renderRoot={(props) => <Link {...props} to="/t/$tenant/users/deleted" params={params} />}
          leftSection={<IconTrash size={16} />}
        >
          Deleted users
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
