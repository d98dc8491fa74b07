import { Anchor } from "@mantine/core";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useSignOut } from "../shell/person-menu.tsx";
import { forget } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { meQuery, useMe } from "../shell/session.ts";
import { useShowLook } from "../shell/tenant-look.ts";
import { wayIn } from "../sign-in/way-in.ts";
import { CardPage } from "../ui/card-page.tsx";
import { tell } from "../ui/toast.ts";
import { AddPasskey } from "./add-passkey.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { SetUpAuthenticator } from "./set-up-authenticator.tsx";

const route = getRouteApi("/t/$tenant/set-up-second-factor");

const kinds = {
  authenticator: {
    title: "Set up an authenticator app",
    done: "Your authenticator app is set up. You are asked for its code whenever you sign in.",
    other: "Use an authenticator app instead",
    Form: ({ onDone }: FormProps) => <SetUpAuthenticator onSetUp={onDone} />,
  },
  passkey: {
    title: "Add a passkey",
    done: "Your passkey is added. You are asked for it whenever you sign in.",
    other: "Use a passkey instead",
    Form: ({ onDone }: FormProps) => <AddPasskey onAdded={onDone} />,
  },
};
type FormProps = { onDone: (recoveryCodes: string[]) => void };

/** Wanted, or needed: where the tenant requires a second factor nothing else can be reached before. */
export function SetUpPage() {
  const me = useMe();
  useShowLook(me.tenant);
  const { kind = "authenticator", to } = route.useSearch();
  const navigate = route.useNavigate();
  // What it was when this page opened: setting one up must not change the page under somebody's hands.
  const [forced] = useState(me.mustSetUpSecondFactor);
  const [codes, setCodes] = useState<string[]>([]);
  const goOn = useGoOn(forced);
  const { title, done, Form } = kinds[kind];
  const onDone = (made: string[]) => {
    tell(done);
    if (made.length > 0) setCodes(made);
    else void goOn();
  };
  if (codes.length > 0) {
    return (
      <CardPage owner={me.tenant.name} title="Keep your recovery codes" footer={me.email}>
        <RecoveryCodes codes={codes} onKept={() => void goOn()} />
      </CardPage>
    );
  }
  const other = kind === "passkey" ? "authenticator" : "passkey";
  return (
    <CardPage
      owner={me.tenant.name}
      title={title}
      intro={
        forced &&
        `${me.tenant.name} requires a second factor: something you have, beside your password. Set it up, and you are in.`
      }
      footer={me.email}
    >
      <Form onDone={onDone} />
      {forced && (kind === "passkey" || browserSupportsWebAuthn()) && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="center"
          onClick={() => void navigate({ search: { kind: other, to }, replace: true })}
        >
          {kinds[other].other}
        </Anchor>
      )}
      <Leave forced={forced} />
    </CardPage>
  );
}

/** Where somebody wanted to go before they had to set one up; otherwise back to their own page. */
function useGoOn(forced: boolean) {
  const router = useRouter();
  const { tenant } = route.useParams();
  const { to } = route.useSearch();
  return async () => {
    await queryClient.fetchQuery({ ...meQuery(tenant), staleTime: 0 });
    void forget("me");
    const wanted = wayIn(to, tenant);
    if (wanted) router.history.replace(wanted);
    else await router.navigate({ to: forced ? "/t/$tenant" : "/t/$tenant/me", params: { tenant } });
  };
}

function Leave({ forced }: { forced: boolean }) {
  const leave = useSignOut();
  const navigate = route.useNavigate();
  const { tenant } = route.useParams();
  const go = () => (forced ? void leave() : void navigate({ to: "/t/$tenant/me", params: { tenant } }));
  return (
    <Anchor component="button" type="button" size="sm" ta="center" onClick={go}>
      {forced ? "Sign out" : "Cancel"}
    </Anchor>
  );
}
