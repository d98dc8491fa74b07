import { Anchor, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { Way } from "#server/features/second-factors/contract.ts";
import { finishSignIn, getBegunSignIn } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { plainly } from "./plainly.ts";
import { useEnter } from "./use-enter.ts";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/second-factor");
const over = "sign_in.begin_again";

/** After the right password, or a link to set one: the other thing that whoever signs in has to show. */
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
  if (isOver || error?.code === over) return <Over owner={owner} />;
  if (error && !data) {
    return (
      <CardPage owner={owner} title="Sign in">
        <LoadFailed problem={error} retry={refetch} />
      </CardPage>
    );
  }
  if (!data) return <CardPage owner={owner} title="One moment" intro="Looking at how you sign in." />;
  const way = chosen ?? data.ways[0] ?? "recovery_code";
  const { title, intro } = words[way];
  return (
    <CardPage owner={owner} title={title} intro={intro}>
      <CodeForm key={way} way={way} onOver={() => setOver(true)} />
      {data.ways
        .filter((other) => other !== way)
        .map((other) => (
          <Anchor
            key={other}
            component="button"
            type="button"
            size="sm"
            ta="center"
            onClick={() => choose(other)}
          >
            {words[other].offer}
          </Anchor>
        ))}
      <TextLink to="/t/$tenant/sign-in" params={params} search={{ other: true }} ta="center">
        Back to signing in
      </TextLink>
    </CardPage>
  );
}

const words: Record<Way, { title: string; intro: string; label: string; offer: string }> = {
  authenticator: {
    title: "Enter your code",
    intro: "Your authenticator app shows six digits, others every half minute.",
    label: "Code",
    offer: "Use your authenticator app",
  },
  recovery_code: {
    title: "Use a recovery code",
    intro: "One of the ten you were shown when you set up your second factor. Each works once.",
    label: "Recovery code",
    offer: "Use a recovery code",
  },
};

function CodeForm({ way, onOver }: { way: Way; onOver: () => void }) {
  const params = { tenant: useTenant() };
  const { to } = route.useSearch();
  const enter = useEnter();
  const finish = useCall(finishSignIn, { anonymous: true });
  const form = useForm({
    initial: { code: "" },
    check: ({ code }) => checkWith(finishSignIn.body, { way, code }),
    send: async ({ code }) => {
      try {
        await enter(await finish.mutateAsync({ params, body: { way, code } }), to);
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.code === over) return onOver();
        throw problem instanceof ApiProblem ? plainly(problem) : problem;
      }
    },
  });
  const isCode = way === "authenticator";
  return (
    <Form form={form}>
      <TextInput
        label={words[way].label}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        {...(isCode ? { inputMode: "numeric", autoComplete: "one-time-code" } : { autoComplete: "off" })}
        {...form.field("code")}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Sign in
      </Button>
    </Form>
  );
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
      intro="There are ten minutes for the second step, in the browser in which you entered your password. Enter it again to go on."
    >
      <Button onClick={again}>Go to signing in</Button>
    </CardPage>
  );
}
