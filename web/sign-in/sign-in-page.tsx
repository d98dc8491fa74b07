import { Button, Text, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { type Me, signIn } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { quietField } from "../second-factors/quiet-field.ts";
import { useCall } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { PasskeySignIn } from "./passkey-sign-in.tsx";
import { plainly } from "./plainly.ts";
import { useEnter } from "./use-enter.ts";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/sign-in");

export function useSignInForm() {
  const { tenant } = route.useParams();
  const { to } = route.useSearch();
  const enter = useEnter();
  const signing = useCall(signIn, { anonymous: true });
  return useForm({
    initial: { email: "", password: "" },
    check: (values) => checkWith(signIn.body, values),
    send: async (values) => {
      try {
        await enter(await signing.mutateAsync({ params: { tenant }, body: values }), to);
      } catch (problem) {
        // One answer for whatever was wrong, and nothing at a field: it would say which.
        throw plain(problem);
      }
    },
  });
}

const plain = (problem: unknown) => (problem instanceof ApiProblem ? plainly(problem) : problem);

export function SignInPage() {
  const { tenant } = route.useParams();
  const { here } = route.useRouteContext();
  const { other } = route.useSearch();
  const portal = usePortal();
  return (
    <CardPage
      owner={portal.data?.name}
      title="Sign in"
      footer={
        portal.error?.status === 404 && (
          <>
            Is “{tenant}” the right address name?{" "}
            <TextLink to="/" size="xs">
              Enter another
            </TextLink>
          </>
        )
      }
    >
      {here && !other ? (
        <SignedInAlready me={here} />
      ) : (
        <>
          <SignInForm here={here} />
          {portal.data?.passkeySignIn !== false && <PasskeySignIn />}
        </>
      )}
    </CardPage>
  );
}

const nameOf = ({ firstName, lastName }: Me) => `${firstName} ${lastName}`;

/** Nobody has to sign out first to sign in as somebody else. */
function SignedInAlready({ me }: { me: Me }) {
  const { to } = route.useSearch();
  const enter = useEnter();
  const navigate = route.useNavigate();
  return (
    <>
      <Text style={{ overflowWrap: "anywhere" }}>
        You are signed in as {nameOf(me)} ({me.email}) in this browser.
      </Text>
      <Button fullWidth onClick={() => void enter(me, to)}>
        Go on as {nameOf(me)}
      </Button>
      <Button
        fullWidth
        variant="default"
        onClick={() => void navigate({ search: (before) => ({ ...before, other: true }) })}
      >
        Sign in as somebody else
      </Button>
    </>
  );
}

function SignInForm({ here }: { here: Me | null }) {
  const { tenant } = route.useParams();
  const form = useSignInForm();
  return (
    <Form form={form}>
      {here && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          Signing in here signs {nameOf(here)} out in this browser.
        </Text>
      )}
      <TextInput
        label="Email"
        type="email"
        inputMode="email"
        autoComplete="username"
        autoFocus
        {...quietField(form.field("email"))}
      />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        field={quietField(form.field("password"))}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Sign in
      </Button>
      <TextLink to="/t/$tenant/forgot" params={{ tenant }} ta="center">
        Forgotten your password?
      </TextLink>
    </Form>
  );
}
