import { Button, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { endOtherSessions, endOwnSession, listOwnSessions } from "#server/features/sign-in/contract.ts";
import { call } from "../api.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { tell, tellProblem } from "../ui/toast.ts";
import { SessionsList } from "../users/sessions-list.tsx";

/** Where one is signed in, and the way out of everywhere else. */
export function OwnSessions() {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(listOwnSessions, { params }));
  const run = (change: () => Promise<unknown>, told: string) =>
    void change().then(async () => {
      await refetch();
      tell(told);
    }, tellProblem);
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return null;
  return (
    <section aria-labelledby="sessions">
      <Title order={2} id="sessions">
        Where you are signed in
      </Title>
      <SessionsList
        sessions={data.items}
        onEnd={({ id }) =>
          run(() => call(endOwnSession, { params: { ...params, sessionId: id } }), "Signed out there.")
        }
      />
      {data.items.length > 1 && (
        <Button
          mt="xs"
          variant="default"
          size="compact-sm"
          onClick={() => run(() => call(endOtherSessions, { params }), "You are signed in only here now.")}
        >
          Sign out everywhere else
        </Button>
      )}
    </section>
  );
}
