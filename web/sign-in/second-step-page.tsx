import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { Way } from "#server/features/second-factors/shapes.ts";
import { askPasskey, finishSignIn, getBegunSignIn } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { type Give, GiveFactor, OtherWays, wayOf, wayWords } from "../second-factors/give-factor.tsx";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { plainly } from "./plainly.ts";
import { useEnter } from "./use-enter.ts";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/second-factor");
const over = "sign_in.begin_again";

/** After the right password, or one chosen by a link: the other thing that whoever signs in has to show. */
export function SecondStepPage() {
  const params = { tenant: useTenant() };
  const owner = usePortal().data?.name;
  const { data, error, refetch } = useQuery({
    ...read(getBegunSignIn, { params }),
    gcTime: 0,
    meta: { anonymous: true },
  });
  const [chosen, choose] = useState<Way | null>(null);
  const [isOver, setOver] = useState(false);
  const finish = useFinish(() => setOver(true));
  if (isOver || error?.code === over) return <Over owner={owner} />;
  if (error && !data) {
    return (
      <CardPage owner={owner} title="Sign in">
        <LoadFailed problem={error} retry={refetch} />
      </CardPage>
    );
  }
  if (!data) return <CardPage owner={owner} title="One moment" intro="Looking at how you sign in." />;
  const way = wayOf(data.ways, chosen);
  const { title, intro } = wayWords[way];
  return (
    <CardPage owner={owner} title={title} intro={intro}>
      {data.setsPassword && (
        <Text size="sm">Your new password is saved with this step. Until then the one you had stays.</Text>
      )}
      <GiveFactor way={way} verb={data.setsPassword ? "Save and sign in" : "Sign in"} {...finish} />
      <OtherWays ways={data.ways} way={way} onChoose={choose} />
      <TextLink to="/t/$tenant/sign-in" params={params} search={{ other: true }} ta="center">
        Back to signing in
      </TextLink>
    </CardPage>
  );
}

/** Sends what was given and goes in; where the first step is too long ago, back to that. */
function useFinish(onOver: () => void) {
  const params = { tenant: useTenant() };
  const { to } = route.useSearch();
  const enter = useEnter();
  const ask = useCall(askPasskey, { anonymous: true });
  const finish = useCall(finishSignIn, { anonymous: true });
  const give: Give = async (factor) => {
    try {
      await enter(await finish.mutateAsync({ params, body: await factor() }), to);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === over) return onOver();
      throw problem instanceof ApiProblem ? plainly(problem) : problem;
    }
  };
  return { ask: () => ask.mutateAsync({ params }), give };
}

function Over({ owner }: { owner: string | undefined }) {
  const { to } = route.useSearch();
  const navigate = route.useNavigate();
  const params = { tenant: useTenant() };
  const again = () => void navigate({ to: "/t/$tenant/sign-in", params, search: { other: true, to } });
  return (
    <CardPage
      owner={owner}
      title="Sign in again"
      intro="There are ten minutes for the second step, in the browser in which you entered your password. Enter it again to go on. If you came by a link in an email, open that link again."
    >
      <Button onClick={again}>Go to signing in</Button>
    </CardPage>
  );
}
