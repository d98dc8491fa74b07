import { Alert, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { checkLink } from "#server/features/sign-in/contract.ts";
import type { ApiProblem } from "../api.ts";
import { decoded } from "../shell/address-state.ts";
import { read } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { LinkForm } from "./link-form.tsx";
import { RenewInvitation } from "./renew-invitation.tsx";
import { usePortal } from "./use-portal.ts";

const route = getRouteApi("/t/$tenant/link");

/** Where an invitation, a reset and a set-your-password link lead. Looking uses nothing up; only submitting does. */
export function LinkPage() {
  const { tenant } = route.useParams();
  const token = useLocation({ select: ({ hash }) => decoded(hash) });
  const { here } = route.useRouteContext();
  const portal = usePortal();
  const { data, error, refetch } = useQuery({
    ...read(checkLink, { params: { tenant }, body: { token } }),
    enabled: token !== "",
    staleTime: Number.POSITIVE_INFINITY,
    meta: { anonymous: true },
  });
  const owner = portal.data?.name;
  if (token === "") return <Dead owner={owner} code="link.invalid" />;
  if (error) {
    if (error.code.startsWith("link.")) return <Dead owner={owner} code={error.code} token={token} />;
    return <Unread owner={owner} problem={error} retry={refetch} />;
  }
  if (!data) return <CardPage owner={owner} title="One moment" intro="Looking at your link." />;
  const invited = data.purpose === "invitation";
  return (
    <CardPage
      owner={owner}
      title={invited ? `Welcome, ${data.firstName}` : "Set a new password"}
      intro={
        invited ? (
          <>
            You sign in here as <Who>{data.email}</Who>. Choose a password, and you are in.
          </>
        ) : (
          <>
            For {data.firstName} {data.lastName}, <Who>{data.email}</Who>.
          </>
        )
      }
    >
      {here && here.email !== data.email && (
        <Alert color="amber" py="xs" style={{ overflowWrap: "anywhere" }}>
          You are signed in as {here.firstName} {here.lastName} in this browser. Setting this password signs
          you in as {data.firstName} {data.lastName} instead.
        </Alert>
      )}
      <LinkForm token={token} person={data} />
    </CardPage>
  );
}

const Who = ({ children }: { children: ReactNode }) => (
  <Text span c="var(--mantine-color-text)" fw={500} style={{ overflowWrap: "anywhere" }}>
    {children}
  </Text>
);

const Unread = (props: { owner: string | undefined; problem: ApiProblem; retry: () => unknown }) => (
  <CardPage owner={props.owner} title="Your link">
    <LoadFailed problem={props.problem} retry={props.retry} />
  </CardPage>
);

const ends: Record<string, [title: string, words: string]> = {
  "link.expired": [
    "This link has expired",
    "Ask for a new one: with “Forgotten your password?” if you have signed in here before, otherwise from whoever invited you.",
  ],
  "link.used": [
    "This link has been used",
    "It works once. If it was you, sign in with the password you chose.",
  ],
  "link.revoked": [
    "This link no longer works",
    "It was withdrawn, or a newer one was sent. Use the link in the newest email, or ask whoever administers users.",
  ],
  "link.invalid": [
    "This link is not complete",
    "Open it again from the email, or copy all of it: some mail programs break long links in two.",
  ],
};

/** What to do with a link that does not work, in plain words. */
export function Dead({ owner, code, token }: { owner: string | undefined; code: string; token?: string }) {
  const { tenant } = route.useParams();
  const portal = usePortal();
  if (code === "link.expired" && token?.startsWith("invitation.") && portal.data?.renewInvitations)
    return <RenewInvitation key={token} token={token} />;
  const [title, words] = ends[code] ?? [
    "This link does not work",
    "Ask whoever administers users for a new one.",
  ];
  return (
    <CardPage owner={owner} title={title} intro={words}>
      <Button variant="default" component={Link} to={`/t/${tenant}/sign-in`}>
        Go to signing in
      </Button>
      {code !== "link.used" && (
        <Button variant="subtle" component={Link} to={`/t/${tenant}/forgot`}>
          Forgotten your password?
        </Button>
      )}
    </CardPage>
  );
}
