import { Anchor } from "@mantine/core";
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
import { RecoveryCodes } from "./recovery-codes.tsx";
import { SetUpAuthenticator } from "./set-up-authenticator.tsx";

const route = getRouteApi("/t/$tenant/set-up-second-factor");

/** Wanted, or needed: where the tenant requires a second factor nothing else can be reached before. */
export function SetUpPage() {
  const me = useMe();
  useShowLook(me.tenant);
  // What it was when this page opened: setting one up must not change the page under somebody's hands.
  const [forced] = useState(me.mustSetUpSecondFactor);
  const [codes, setCodes] = useState<string[]>([]);
  const goOn = useGoOn();
  const onSetUp = (made: string[]) => {
    tell("Your authenticator app is set up. You are asked for its code whenever you sign in.");
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
  return (
    <CardPage
      owner={me.tenant.name}
      title="Set up an authenticator app"
      intro={
        forced &&
        `${me.tenant.name} requires a second factor: something you have, beside your password. Set it up, and you are in.`
      }
      footer={me.email}
    >
      <SetUpAuthenticator onSetUp={onSetUp} />
      <Leave forced={forced} />
    </CardPage>
  );
}

/** Where somebody wanted to go before they had to set one up; otherwise back to their own page. */
function useGoOn() {
  const router = useRouter();
  const me = useMe();
  const { tenant } = route.useParams();
  const { to } = route.useSearch();
  return async () => {
    await queryClient.fetchQuery({ ...meQuery(tenant), staleTime: 0 });
    void forget("me");
    const wanted = wayIn(to, tenant);
    if (wanted) router.history.replace(wanted);
    else if (me.mustSetUpSecondFactor) await router.navigate({ to: "/t/$tenant", params: { tenant } });
    else await router.navigate({ to: "/t/$tenant/me", params: { tenant } });
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
