import { Alert, Button, Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  getOwnFactors,
  type OwnFactors,
  removeAuthenticator,
  renewRecoveryCodes,
} from "#server/features/second-factors/contract.ts";
import { call } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { tell } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";
import { CodesDialog } from "./codes-dialog.tsx";
import classes from "./second-factors.module.css";
import { useConfirmed } from "./use-confirmed.tsx";

/** What is asked for besides the password, set up and taken away by its owner. */
export function OwnSecurity() {
  const me = useMe();
  const { data, error, refetch } = useQuery(read(getOwnFactors, { params: { tenant: me.tenant.slug } }));
  return (
    <section aria-labelledby="security">
      <Title order={2} id="security">
        Security
      </Title>
      <Text c="dimmed" my="xs">
        A second factor is something you have, asked for after your password whenever you sign in.
        {data?.required && ` ${me.tenant.name} requires one of you.`}
      </Text>
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {data && (
        <ul className={classes.factors}>
          <AuthenticatorRow factors={data} />
          {data.recoveryCodes && <CodesRow codes={data.recoveryCodes} />}
        </ul>
      )}
    </section>
  );
}

function AuthenticatorRow({ factors }: { factors: OwnFactors }) {
  const params = { tenant: useTenant() };
  const { run, question } = useConfirmed();
  const [asked, ask] = useState(false);
  const { authenticator } = factors;
  const remove = () =>
    run(async () => {
      await call(removeAuthenticator, { params });
      await forget("me");
      tell("Your authenticator app is removed. It is not asked for any more.");
    });
  return (
    <li className={classes.factor}>
      <div>
        <Text fw={500}>Authenticator app</Text>
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
        >
          {authenticator ? "Replace" : "Set up"}
        </Button>
        {authenticator && (
          <Button variant="subtle" color="red" size="compact-sm" onClick={() => ask(true)}>
            Remove
          </Button>
        )}
      </Group>
      {asked && (
        <ConfirmDialog
          title="Remove your authenticator app?"
          verb="Remove"
          danger
          onConfirm={remove}
          onClose={() => ask(false)}
        >
          You are not asked for its code any more when you sign in. Without another second factor your
          password alone lets you in, and your recovery codes go too.
        </ConfirmDialog>
      )}
      {question}
    </li>
  );
}

const few = 3;

function CodesRow({ codes }: { codes: NonNullable<OwnFactors["recoveryCodes"]> }) {
  const params = { tenant: useTenant() };
  const { run, question } = useConfirmed();
  const [asked, ask] = useState(false);
  const [made, setMade] = useState<string[]>([]);
  const renew = () =>
    run(async () => {
      const { recoveryCodes } = await call(renewRecoveryCodes, { params });
      await forget("me");
      setMade(recoveryCodes);
    });
  return (
    <li className={classes.factor}>
      <div>
        <Text fw={500}>Recovery codes</Text>
        <Text size="sm" c="dimmed">
          {codes.left} of 10 left, made <When at={codes.madeAt} />. Each lets you sign in once without your
          second factor.
        </Text>
      </div>
      <Button variant="default" size="compact-sm" onClick={() => ask(true)}>
        Make new codes
      </Button>
      {codes.left <= few && (
        <Alert color="amber" py="xs" flex="1 0 100%">
          {codes.left === 0 ? "You have used all of them." : "You have used most of them."} Make new ones, or
          you may not get in when you do not have your phone at hand.
        </Alert>
      )}
      {asked && (
        <ConfirmDialog
          title="Make new recovery codes?"
          verb="Make new codes"
          onConfirm={renew}
          onClose={() => ask(false)}
        >
          You get ten new ones. Those you have now stop working.
        </ConfirmDialog>
      )}
      {made.length > 0 && <CodesDialog codes={made} onClose={() => setMade([])} />}
      {question}
    </li>
  );
}
