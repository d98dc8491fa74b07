import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { exportOwn } from "#server/features/users/contract.ts";
import { roleNames } from "#server/permissions.ts";
import { address } from "../api.ts";
import { OwnSecurity } from "../second-factors/own-security.tsx";
import { useSignOut } from "../shell/person-menu.tsx";
import { useMe } from "../shell/session.ts";
import { Page } from "../ui/page.tsx";
import { OwnLanguage } from "./own-language.tsx";
import { OwnSessions } from "./own-sessions.tsx";

/** What everybody has, whatever their role: who they are here, their password, and the way out. */
export function MePage() {
  const me = useMe();
  const leave = useSignOut();
  const params = { tenant: me.tenant.slug };
  return (
    <Page title="My page">
      <Stack gap="lg" px={{ base: "md", sm: "lg" }} py="md" maw={560}>
        <div>
          <Title order={2}>
            {me.firstName} {me.lastName}
          </Title>
          <Text c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {me.email}
          </Text>
        </div>
        <Text>
          You are signed in at {me.tenant.name} with the role {roleNames[me.role]}.
          {me.permissions.length === 0 &&
            " There is nothing you need to do here. Is your name wrong? Tell whoever administers users."}
        </Text>
        <Group gap="xs">
          <Button variant="default" component={Link} to={`/t/${params.tenant}/change-password`}>
            Change password
          </Button>
          <Button variant="default" onClick={() => void leave()}>
            Sign out
          </Button>
        </Group>
        <OwnSecurity />
        <OwnSessions />
        <OwnLanguage me={me} />
        <div>
          <Title order={2}>Your data</Title>
          <Text c="dimmed" my="xs">
            Everything {me.tenant.name} holds about you here, as a file.
          </Text>
          <Button variant="default" component="a" download href={address(exportOwn, { params })}>
            Export my data
          </Button>
        </div>
      </Stack>
    </Page>
  );
}
