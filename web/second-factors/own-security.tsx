import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getOwnFactors } from "#server/features/second-factors/contract.ts";
import { read } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { AuthenticatorRow } from "./authenticator-row.tsx";
import { CodesRow } from "./codes-row.tsx";
import { PasskeyRows } from "./passkey-rows.tsx";
import classes from "./second-factors.module.css";

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
        A second factor is something you have besides your password, asked for whenever you sign in.
        {data?.required && ` ${me.tenant.name} requires one of you.`}
      </Text>
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {data && (
        <ul className={classes.factors}>
          <AuthenticatorRow authenticator={data.authenticator} />
          <PasskeyRows passkeys={data.passkeys} />
          {data.recoveryCodes && <CodesRow codes={data.recoveryCodes} />}
        </ul>
      )}
    </section>
  );
}
