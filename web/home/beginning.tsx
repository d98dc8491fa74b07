import { Text } from "@mantine/core";
import { useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { TextLink } from "../ui/text-link.tsx";
import classes from "./home.module.css";
import { Section } from "./section.tsx";

/** What to do first in a tenant that has nobody yet. */
export function Beginning() {
  const me = useMe();
  const params = { tenant: useTenant() };
  if (!may(me, "users.create")) return null;
  return (
    <Section title="Begin here">
      <ul className={classes.steps}>
        <li>
          <TextLink to="/t/$tenant/users" params={params} search={{ add: true }}>
            Add somebody
          </TextLink>
          <Text c="dimmed">
            Create them with a password, or invite them to choose their own. Either way one email goes out.
          </Text>
        </li>
        {may(me, "imports.run") && (
          <li>
            <TextLink to="/t/$tenant/import" params={params}>
              Import many from a file
            </TextLink>
            <Text c="dimmed">
              A CSV file or an Excel workbook. You see what would happen before anything does.
            </Text>
          </li>
        )}
        {may(me, "groups.create") && (
          <li>
            <TextLink to="/t/$tenant/groups" params={params} search={{ add: true }}>
              Create a group
            </TextLink>
            <Text c="dimmed">What people belong to: a department, a class, a project.</Text>
          </li>
        )}
        {may(me, "settings.change") && (
          <li>
            <TextLink to="/t/$tenant/settings" params={params}>
              Look at the settings
            </TextLink>
            <Text c="dimmed">Name, logo and colour, and who the emails come from.</Text>
          </li>
        )}
      </ul>
    </Section>
  );
}
