import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { resetSecondFactors, type SignInFacts } from "#server/features/sign-in/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { useConfirmed } from "../second-factors/use-confirmed.tsx";
import { forget, useTenant } from "../shell/queries.ts";
import { may, mayChange, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tell } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";
import { count } from "../ui/words.ts";
import { fullName } from "./person.ts";

type Props = { user: User; factors: SignInFacts["secondFactors"] };

/** What somebody has set up beside their password, and the way out for whoever has lost it. */
export function TheirFactors({ user, factors }: Props) {
  const me = useMe();
  const { authenticatorSetUpAt: setUpAt, passkeys, recoveryCodesLeft: left, required } = factors;
  if (!setUpAt && passkeys === 0) {
    return (
      <Text>
        {required
          ? "Has no second factor yet, and sets one up at the next sign-in."
          : "Has no second factor."}
      </Text>
    );
  }
  const allowed = may(me, "users.reset_factors") && mayChange(me, user.role) && me.id !== user.id;
  return (
    <Group gap="xs" justify="space-between">
      <Text>
        Second factor:{" "}
        {setUpAt && (
          <>
            authenticator app, set up <When at={setUpAt} />;{" "}
          </>
        )}
        {passkeys > 0 && `${count(passkeys, "passkey")}; `}
        {count(left, "recovery code")} left.
      </Text>
      {allowed && <Remove user={user} />}
    </Group>
  );
}

function Remove({ user }: { user: User }) {
  const params = { tenant: useTenant(), userId: user.id };
  const { run, question } = useConfirmed();
  const [asked, ask] = useState(false);
  const name = fullName(user);
  const remove = () =>
    run(async () => {
      await call(resetSecondFactors, { params });
      await forget("users", "messages");
      tell(`The second factors of ${name} are removed.`);
    });
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => ask(true)}>
        Remove second factors
      </Button>
      {asked && (
        <ConfirmDialog
          title={`Remove the second factors of ${name}?`}
          verb="Remove"
          danger
          onConfirm={remove}
          onClose={() => ask(false)}
        >
          For when {name} has lost them, recovery codes too. They are signed out everywhere and told by email.
          Make sure first that it is them who asks you: after this their password alone lets anybody in.
        </ConfirmDialog>
      )}
      {question}
    </>
  );
}
