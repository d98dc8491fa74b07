import { Alert, Button, Group, Text } from "@mantine/core";
import { clearMailFailure } from "#server/features/messages/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { may, mayChange, useMe } from "../shell/session.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";

/** Email to this address came back for good: nothing more goes there until it is corrected, or cleared here. */
export function MailFailure({ user }: { user: User }) {
  const me = useMe();
  const tenant = useTenant();
  const clear = useCall(clearMailFailure);
  if (!user.mailFailure) return null;
  const run = async () => {
    try {
      await clear.mutateAsync({ params: { tenant, userId: user.id } });
      tell(`Email goes to ${user.email} again.`);
    } catch (problem) {
      tellProblem(problem);
    }
    await forget("users", "messages");
  };
  return (
    <Alert color="red" title="Email to this address comes back" mt="xs">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {user.mailFailure.reply} (<When at={user.mailFailure.at} />)
      </Text>
      <Text size="sm" mt="xxs">
        Nothing more is sent there. Correct the address with Edit, and what is open is sent to the new one.
      </Text>
      {may(me, "messages.send") && mayChange(me, user.role) && (
        <Group mt="xs">
          <Button size="xs" variant="default" loading={clear.isPending} onClick={() => void run()}>
            The address works again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
