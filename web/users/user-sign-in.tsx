import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  endSession,
  endSessions,
  getSignIn,
  liftLockout,
  type SignInFacts,
} from "#server/features/sign-in/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { may, mayChange, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { tell, tellProblem } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";
import { fullName } from "./person.ts";
import { SessionsList } from "./sessions-list.tsx";
import { TheirFactors } from "./their-factors.tsx";
import classes from "./user-page.module.css";

/** How somebody gets in and where they are in, with what can be done about it. */
export function UserSignIn({ user }: { user: User }) {
  const me = useMe();
  const params = { tenant: useTenant(), userId: user.id };
  const { data, error, refetch } = useQuery(read(getSignIn, { params }));
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return null;
  const allowed = may(me, "users.update") && (mayChange(me, user.role) || me.id === user.id);
  const run = (change: () => Promise<unknown>, told: string) =>
    void change().then(async () => {
      await forget("users");
      tell(told);
    }, tellProblem);
  const everywhere = () =>
    run(() => call(endSessions, { params }), `${fullName(user)} is signed out everywhere.`);
  return (
    <>
      <Text mt="xs">
        <Password facts={data} suspended={user.status === "suspended"} />
      </Text>
      <TheirFactors user={user} factors={data.secondFactors} />
      {(data.lockedUntil || data.secondFactors.codesRefused) && (
        <div className={classes.locked} role="status">
          <span>
            Locked out after too many tries.{" "}
            {data.lockedUntil ? (
              <>
                It ends <When at={data.lockedUntil} />.
              </>
            ) : (
              "It ends when they use a passkey or a recovery code, or when you lift it."
            )}
          </span>
          {allowed && (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() =>
                run(() => call(liftLockout, { params }), `${fullName(user)} can try again at once.`)
              }
            >
              Lift the lockout
            </Button>
          )}
        </div>
      )}
      {data.sessions.length === 0 ? (
        <Text c="dimmed">Not signed in anywhere at the moment.</Text>
      ) : (
        <SessionsList
          sessions={data.sessions}
          onEnd={
            allowed
              ? ({ id }) =>
                  run(() => call(endSession, { params: { ...params, sessionId: id } }), "Signed out there.")
              : undefined
          }
        />
      )}
      {allowed && me.id !== user.id && data.sessions.length > 1 && (
        <Button mt="xs" variant="default" size="compact-sm" onClick={everywhere}>
          Sign out everywhere
        </Button>
      )}
    </>
  );
}

type PasswordProps = { facts: SignInFacts; suspended: boolean };

function Password({ facts: { password, passwordExpiresAt }, suspended }: PasswordProps) {
  const shut = suspended ? "Cannot sign in until they are reactivated. " : "";
  if (password === "own") return `${shut}Has a password of their own.`;
  if (password === "none") return `${shut}Has no password yet.`;
  if (password === "temporary_expired") {
    return suspended
      ? `${shut}Their temporary password has expired; resend the email after that.`
      : "Their temporary password has expired. Resend the email to let them in.";
  }
  // Where their email is yet to go, it begins anew with that.
  const expires = suspended ? null : passwordExpiresAt;
  return (
    <>
      {shut}Has a temporary password, to be changed at the first sign-in
      {expires && (
        <>
          ; it stops working <When at={expires} />
        </>
      )}
      .
    </>
  );
}
