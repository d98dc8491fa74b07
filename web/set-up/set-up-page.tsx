import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { checkSetUp, getStart } from "#server/features/sign-in/contract.ts";
import { decoded } from "../shell/address-state.ts";
import { read } from "../shell/queries.ts";
import { CardPage } from "../ui/card-page.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { SetUpForm } from "./set-up-form.tsx";

/** The first page anybody sees of a new installation: makes its first tenant and that tenant's owner. */
export function SetUpPage() {
  const secret = useLocation({ select: ({ hash }) => decoded(hash) });
  const { data, error, refetch } = useQuery({
    ...read(checkSetUp, { body: { secret } }),
    enabled: secret !== "",
    staleTime: Number.POSITIVE_INFINITY,
    meta: { anonymous: true },
  });
  if (secret === "" || error?.code === "setup.link_invalid") {
    return <DeadLink />;
  }
  if (error) {
    return (
      <CardPage owner="Muster" title="Set up Muster">
        <LoadFailed problem={error} retry={refetch} />
      </CardPage>
    );
  }
  if (!data) return <CardPage owner="Muster" title="One moment" intro="Looking at your set-up link." />;
  return (
    <CardPage
      owner="Muster"
      title="Set up Muster"
      intro="Name your organisation and make yourself its owner. Everything else can wait."
    >
      <SetUpForm secret={secret} address={data.address} />
    </CardPage>
  );
}

/** A link that was used belongs to an installation that is set up: what its owner wants then is to sign in. */
function DeadLink() {
  const { data, isPending } = useQuery({ ...read(getStart, {}), meta: { anonymous: true } });
  if (isPending) return <CardPage owner="Muster" title="One moment" intro="Looking at your set-up link." />;
  if (data?.setUp) {
    return (
      <CardPage
        owner="Muster"
        title="This installation is already set up"
        intro="The set-up link works only once."
      >
        <Button component={Link} to={data.tenant ? `/t/${data.tenant}/` : "/"}>
          Go to signing in
        </Button>
      </CardPage>
    );
  }
  return (
    <CardPage
      owner="Muster"
      title="This set-up link does not work"
      intro="It works once, within 24 hours. Start Muster again: as long as nothing is set up, it prints a new link."
    />
  );
}
