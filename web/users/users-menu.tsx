import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconTrash } from "@tabler/icons-react";
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
          renderRoot={(props) => <Link {...props} to="/t/$tenant/users/deleted" params={params} />}
          leftSection={<IconTrash size={16} />}
        >
          Deleted users
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
