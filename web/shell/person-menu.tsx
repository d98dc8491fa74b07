import { Menu, Modal, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconKeyboard, IconLogout, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type Me, signOut } from "#server/features/sign-in/contract.ts";
import { roleNames } from "#server/permissions.ts";
import { usePageBehind } from "../ui/page-behind.ts";
import classes from "./navigation.module.css";
import { useCall, useTenant } from "./queries.ts";
import { becomes } from "./session.ts";
import { ShortcutList } from "./shortcut-list.tsx";

export function useSignOut() {
  const tenant = useTenant();
  const navigate = useNavigate();
  const { mutateAsync } = useCall(signOut, { anonymous: true });
  return async () => {
    // Whatever the server said: the page forgets everything, and the sign-in page is where this leads.
    await mutateAsync({ params: { tenant } }).catch(() => {});
    await navigate({ to: "/t/$tenant/sign-in", params: { tenant } });
    becomes(tenant, null);
  };
}

function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Appearance"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: "auto", label: "System" },
        { value: "light", label: "Light" },
        { value: "dark", label: "Dark" },
      ]}
    />
  );
}

export function PersonMenu({ me }: { me: Me }) {
  const params = { tenant: useTenant() };
  const navigate = useNavigate();
  const leave = useSignOut();
  const [keysShown, keys] = useDisclosure(false);
  usePageBehind(keysShown);
  const name = `${me.firstName} ${me.lastName}`;
  return (
    <>
      <Menu position="top-start" width={248}>
        <Menu.Target>
          <UnstyledButton className={classes.person} title={name}>
            <span className={classes.initials} aria-hidden="true">
              {[...me.firstName][0]}
              {[...me.lastName][0]}
            </span>
            <span className={classes.label}>{name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" c="var(--mantine-color-text)" truncate>
              {me.email}
            </Text>
            {roleNames[me.role]} at {me.tenant.name}
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconUser size={16} />}
            onClick={() => void navigate({ to: "/t/$tenant/me", params })}
          >
            My page
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKey size={16} />}
            onClick={() => void navigate({ to: "/t/$tenant/change-password", params })}
          >
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={16} />} visibleFrom="sm" onClick={keys.open}>
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Label>
            <ColourScheme />
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={keysShown}
        onClose={keys.close}
        title="Keyboard shortcuts"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <ShortcutList />
      </Modal>
    </>
  );
}
