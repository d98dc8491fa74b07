import { Modal, NativeSelect, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { getSignIn, type SignInFacts } from "#server/features/sign-in/contract.ts";
import { transferOwnership, type User } from "#server/features/users/contract.ts";
import { type Role, roleNames } from "#server/permissions.ts";
import { call } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { usePageBehind } from "../ui/page-behind.ts";
import { tell } from "../ui/toast.ts";
import { fullName } from "./person.ts";

type Below = Exclude<Role, "owner">;
const below: readonly Below[] = ["administrator", "user_administrator", "auditor", "member"];

type Props = { user: User; close: () => void };

/** An owner makes somebody else one and steps down; where that is not possible yet it says why, and what to do first. */
export function HandOver({ user, close }: Props) {
  const { data, error, refetch } = useQuery({
    ...read(getSignIn, { params: { tenant: useTenant(), userId: user.id } }),
    staleTime: 0,
  });
  const obstacle = data && whyNotYet(user, data);
  if (data && !obstacle) return <HandOverDialog user={user} close={close} />;
  return (
    <NotYet user={user} close={close}>
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {obstacle ?? (!error && <Skeleton h={20} aria-label="Looking whether they can sign in" />)}
    </NotYet>
  );
}

/** As the server refuses it: an owner who cannot sign in could be helped by nobody. */
function whyNotYet({ status, lastSignInAt }: User, { password }: SignInFacts): string | undefined {
  if (status === "invited") return "They have not accepted their invitation yet. Hand over when they have.";
  if (status === "suspended") return "They are suspended and cannot sign in. Reactivate them first.";
  if (password === "own") return undefined;
  return lastSignInAt === null
    ? "They have never signed in. Hand over when they have signed in and chosen a password."
    : "They have no password of their own at the moment. Hand over when they have chosen one.";
}

function NotYet({ user, close, children }: Props & { children: ReactNode }) {
  usePageBehind(true);
  return (
    <Modal
      opened
      onClose={close}
      title={<Text fw={600}>{fullName(user)} cannot become an owner yet</Text>}
      zIndex={300}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Text size="sm" component="div">
        {children}
      </Text>
    </Modal>
  );
}

/** Both at once. */
function HandOverDialog({ user, close }: Props) {
  const params = { tenant: useTenant(), userId: user.id };
  const [role, setRole] = useState<Below>("administrator");
  const name = fullName(user);
  const handOver = async () => {
    await call(transferOwnership, { params, body: { role } });
    await forget("users", "me");
    tell(`${name} is an owner now. Your role is ${roleNames[role]}.`);
  };
  return (
    <ConfirmDialog
      title={`Hand ownership over to ${name}?`}
      verb="Hand over"
      danger
      typed={{ label: `Type ${user.email} to confirm`, text: user.email }}
      onConfirm={handOver}
      onClose={close}
    >
      <Stack gap="md">
        {name} ({user.email}) becomes an owner and you stop being one. Only an owner can make you one again.
        <NativeSelect
          label="Your role from then on"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Below)}
          data={below.map((value) => ({ value, label: roleNames[value] }))}
        />
      </Stack>
    </ConfirmDialog>
  );
}
