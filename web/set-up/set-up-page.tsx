import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { checkSetUp } from "#server/features/sign-in/contract.ts";
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
    return (
      <CardPage
        owner="Muster"
        title="This set-up link does not work"
        intro="It works once, within 24 hours. Start Muster again: as long as nothing is set up, it prints a new link."
      />
    );
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
