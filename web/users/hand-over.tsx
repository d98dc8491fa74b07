import { NativeSelect, Stack } from "@mantine/core";
import { useState } from "react";
import { transferOwnership, type User } from "#server/features/users/contract.ts";
import { type Role, roleNames } from "#server/permissions.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tell } from "../ui/toast.ts";
import { fullName } from "./person.ts";

type Below = Exclude<Role, "owner">;
const below: readonly Below[] = ["administrator", "user_administrator", "auditor", "member"];

/** An owner makes somebody else one and steps down, both at once. */
export function HandOver({ user, close }: { user: User; close: () => void }) {
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
