import { Button, Divider } from "@mantine/core";
import { browserSupportsWebAuthn, startAuthentication } from "@simplewebauthn/browser";
import { getRouteApi } from "@tanstack/react-router";
import { beginPasskeySignIn, signInByPasskey } from "#server/features/sign-in/contract.ts";
import { ApiProblem } from "../api.ts";
import { passkeyProblem } from "../second-factors/passkey-problem.ts";
import { useCall } from "../shell/queries.ts";
import { Form } from "../ui/form.tsx";
import { useForm } from "../ui/use-form.tsx";
import { plainly } from "./plainly.ts";
import { useEnter } from "./use-enter.ts";

const route = getRouteApi("/t/$tenant/sign-in");

/** Without email and password, where the browser can: it shows which passkeys there are for this portal. */
export function PasskeySignIn() {
  const params = route.useParams();
  const { to } = route.useSearch();
  const enter = useEnter();
  const begin = useCall(beginPasskeySignIn, { anonymous: true });
  const finish = useCall(signInByPasskey, { anonymous: true });
  const form = useForm({
    initial: {},
    check: () => ({}),
    send: async () => {
      try {
        const optionsJSON = await begin.mutateAsync({ params });
        const { response, ...signed } = await startAuthentication({ optionsJSON });
        const passkey = { ...signed, response: { ...response, userHandle: response.userHandle ?? "" } };
        await enter(await finish.mutateAsync({ params, body: { passkey } }), to);
      } catch (error) {
        throw error instanceof ApiProblem ? plainly(error) : passkeyProblem(error);
      }
    },
  });
  if (!browserSupportsWebAuthn()) return null;
  return (
    <>
      <Divider label="or" />
      <Form form={form}>
        <Button type="submit" variant="default" fullWidth loading={form.sending}>
          Sign in with a passkey
        </Button>
      </Form>
    </>
  );
}
