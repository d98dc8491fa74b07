import { Anchor, Button, Text, TextInput } from "@mantine/core";
import { browserSupportsWebAuthn, startAuthentication } from "@simplewebauthn/browser";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { Way } from "#server/features/second-factors/shapes.ts";
import { askPasskey, finishSignIn, getBegunSignIn } from "#server/features/sign-in/contract.ts";
import { ApiProblem, type Input } from "../api.ts";
import { unsupported } from "../second-factors/add-passkey.tsx";
import { passkeyProblem } from "../second-factors/passkey-problem.ts";
import { quietField } from "../second-factors/quiet-field.ts";
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
  const way = chosen ?? waysHere(data.ways)[0] ?? "recovery_code";
  const { title, intro } = words[way];
  const onOver = () => setOver(true);
  return (
    <CardPage owner={owner} title={title} intro={intro}>
      {way === "passkey" ? <PasskeyForm onOver={onOver} /> : <CodeForm key={way} way={way} onOver={onOver} />}
      {waysHere(data.ways)
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

/** What this browser can do; whoever has nothing but passkeys is told what they need. */
const waysHere = (ways: readonly Way[]) =>
  browserSupportsWebAuthn() || ways.length === 1 ? ways : ways.filter((way) => way !== "passkey");

const words: Record<Way, { title: string; intro: string; label: string; offer: string }> = {
  passkey: {
    title: "Use your passkey",
    intro: "Your browser asks for the phone, computer, password manager or security key that holds it.",
    label: "Passkey",
    offer: "Use a passkey",
  },
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

type FormProps = { onOver: () => void };
type Given = Input<typeof finishSignIn>["body"];

/** Sends what was given and goes in; where the first step is too long ago, back to that. */
function useFinish(onOver: () => void) {
  const params = { tenant: useTenant() };
  const { to } = route.useSearch();
  const enter = useEnter();
  const finish = useCall(finishSignIn, { anonymous: true });
  return async (give: () => Given | Promise<Given>) => {
    try {
      await enter(await finish.mutateAsync({ params, body: await give() }), to);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === over) return onOver();
      throw problem instanceof ApiProblem ? plainly(problem) : problem;
    }
  };
}

function PasskeyForm({ onOver }: FormProps) {
  const params = { tenant: useTenant() };
  const ask = useCall(askPasskey, { anonymous: true });
  const finish = useFinish(onOver);
  const form = useForm({
    initial: {},
    check: () => ({}),
    send: () =>
      finish(async () => {
        const optionsJSON = await ask.mutateAsync({ params });
        const passkey = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
          throw passkeyProblem(error);
        });
        return { way: "passkey", passkey };
      }),
  });
  if (!browserSupportsWebAuthn()) return <Text>{unsupported}</Text>;
  return (
    <Form form={form}>
      <Button type="submit" fullWidth autoFocus loading={form.sending}>
        Use a passkey
      </Button>
    </Form>
  );
}

function CodeForm({ way, onOver }: FormProps & { way: Exclude<Way, "passkey"> }) {
  const finish = useFinish(onOver);
  const form = useForm({
    initial: { code: "" },
    check: ({ code }) => checkWith(finishSignIn.body, { way, code }),
    send: ({ code }) => finish(() => ({ way, code })),
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
        {...quietField(form.field("code"))}
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
