import { Button, Group } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Me } from "#server/features/sign-in/contract.ts";
import { Notice } from "../ui/notice.tsx";
import { becomes, home } from "./session.ts";

const nameOf = ({ firstName, lastName }: Me) => `${firstName} ${lastName}`;

/** Two ways on for somebody who is at a page that is not theirs. */
export function WaysOn({ me }: { me: Me }) {
  const navigate = useNavigate();
  const params = { tenant: me.tenant.slug };
  const go = () => {
    becomes(params.tenant, me);
    void navigate({ to: home(me), params });
  };
  return (
    <Group gap="xs" justify="center">
      <Button onClick={go}>Go on as {nameOf(me)}</Button>
      <Button
        variant="default"
        onClick={() => void navigate({ to: "/t/$tenant/sign-in", params, search: { other: true } })}
      >
        Sign in as somebody else
      </Button>
    </Group>
  );
}

/** Instead of a page that was opened as one person while another has signed in since, in the same browser. */
export const OtherPerson = ({ before, me }: { before: Me; me: Me }) => (
  <Notice title={`You are signed in as ${nameOf(me)} now`} action={<WaysOn me={me} />}>
    This page was open as {nameOf(before)}. Since then {nameOf(me)} ({me.email}) has signed in in this
    browser. One person at a time can be signed in here.
  </Notice>
);
