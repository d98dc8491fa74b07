import { Button, Text, TextInput } from "@mantine/core";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type Me, signIn } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { useCall } from "../shell/queries.ts";
import { becomes, home } from "../shell/session.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { duration } from "../ui/time.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/sign-in");

/** Only addresses of this tenant: a link must not be able to send somebody elsewhere after signing in. */
const back = (to: string | undefined, tenant: string) => (to?.startsWith(`/t/${tenant}/`) ? to : undefined);

/** Where somebody goes once they are in. */
export function useEnter() {
  const router = useRouter();
  return async (me: Me, to?: string) => {
    const tenant = me.tenant.slug;
    becomes(tenant, me);
    const wanted = back(to, tenant);
    if (me.mustChangePassword) {
      await router.navigate({ to: "/t/$tenant/change-password", params: { tenant }, replace: true });
    } else if (wanted) router.history.replace(wanted);
    else await router.navigate({ to: home(me), params: { tenant }, replace: true });
  };
}

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
        throw problem instanceof ApiProblem ? plainly(problem) : problem;
      }
    },
  });
}

/** One answer for whatever was wrong; how long to wait where there were too many tries. */
function plainly(problem: ApiProblem) {
  const { status, code, retryAfter } = problem;
  if (code === "throttled" && retryAfter) {
    const detail = `Too many tries. You can try again in ${duration(retryAfter)}.`;
    return new ApiProblem({ status, code, detail });
  }
  return new ApiProblem({ status, code, detail: problem.detail });
}

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
      {here && !other ? <SignedInAlready me={here} /> : <SignInForm here={here} />}
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
        {...form.field("email")}
      />
      <PasswordField label="Password" autoComplete="current-password" field={form.field("password")} />
      <Button type="submit" fullWidth loading={form.sending}>
        Sign in
      </Button>
      <TextLink to="/t/$tenant/forgot" params={{ tenant }} ta="center">
        Forgotten your password?
      </TextLink>
    </Form>
  );
}
