import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { User } from "#server/features/users/contract.ts";
import { useMe } from "../shell/session.ts";
import { tellProblem } from "../ui/toast.ts";
import { actionsOn } from "./person.ts";
import { useUserActions } from "./use-user-actions.ts";
import classes from "./user-access.module.css";
import { UserQuestion } from "./user-menu.tsx";
import { UserStatus } from "./user-status.tsx";

type Props = { user: User; onChanged: () => void; onDeleted: () => void };

/** Inside Edit: whether this person gets in, and the two verbs that decide it. They act at once, without Save. */
export function UserAccess({ user, onChanged, onDeleted }: Props) {
  const can = actionsOn(useMe(), user);
  const actions = useUserActions(user);
  const [asked, ask] = useState<"suspend" | "remove" | null>(null);
  const reactivate = () => actions.reactivate().then(onChanged, tellProblem);
  if (!can.suspend && !can.reactivate && !can.remove) return null;
  return (
    <section className={classes.access} aria-label="Access">
      <UserStatus user={user} />
      <Group gap="xs">
        {can.reactivate && (
          <Button size="xs" variant="default" onClick={() => void reactivate()}>
            Reactivate
          </Button>
        )}
        {can.suspend && (
          <Button size="xs" variant="default" onClick={() => ask("suspend")}>
            Suspend
          </Button>
        )}
        {can.remove && (
          <Button size="xs" variant="subtle" color="red" onClick={() => ask("remove")}>
            Delete
          </Button>
        )}
      </Group>
      <UserQuestion
        user={user}
        asked={asked}
        close={() => ask(null)}
        onDeleted={onDeleted}
        onSuspended={onChanged}
      />
    </section>
  );
}
