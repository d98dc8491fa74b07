import { Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type OwnFactors, removeAuthenticator } from "#server/features/second-factors/contract.ts";
import { call } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { When } from "../ui/when.tsx";
import { RemoveFactor } from "./remove-factor.tsx";
import classes from "./second-factors.module.css";

export function AuthenticatorRow({ authenticator }: Pick<OwnFactors, "authenticator">) {
  const params = { tenant: useTenant() };
  const nameId = "authenticator-name";
  return (
    <li className={classes.factor}>
      <div>
        <Text fw={500} id={nameId}>
          Authenticator app
        </Text>
        <Text size="sm" c="dimmed">
          {authenticator ? (
            <>
              Set up <When at={authenticator.setUpAt} />.
            </>
          ) : (
            "Not set up. It shows a new code every half minute, on your phone or computer."
          )}
        </Text>
      </div>
      <Group gap="xs">
        <Button
          variant="default"
          size="compact-sm"
          component={Link}
          to={`/t/${params.tenant}/set-up-second-factor`}
          aria-describedby={nameId}
        >
          {authenticator ? "Replace" : "Set up"}
        </Button>
        {authenticator && (
          <RemoveFactor
            what="your authenticator app"
            told="Your authenticator app is removed."
            remove={() => call(removeAuthenticator, { params })}
            nameId={nameId}
          />
        )}
      </Group>
    </li>
  );
}
