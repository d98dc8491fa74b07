import { Alert } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import {
  getMailboxMessage,
  getTenantMailboxMessage,
  listMailbox,
  listTenantMailbox,
} from "#server/features/mail/contract.ts";
import type { Output } from "../api.ts";
import { read } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Logo } from "../ui/logo.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { MailList, type MailPage } from "./mail-list.tsx";
import { MailView } from "./mail-view.tsx";
import classes from "./mailbox.module.css";

const tenantRoute = getRouteApi("/t/$tenant/frame/mailbox");
const rootRoute = getRouteApi("/mailbox");

const Explained = () => (
  <Alert color="amber" className={classes.explained ?? ""} title="This is the built-in mailbox">
    Muster is not connected to a mail server yet, so emails are kept here and nobody gets them. An owner names
    a server in Settings, or whoever runs Muster sets SMTP_URL; this page is then gone, and whoever never got
    their email is written to again from Messages.
  </Alert>
);

/** The tenant's part of the built-in mailbox, for its owner. */
export function TenantMailboxPage() {
  const params = tenantRoute.useParams();
  const { message, search, cursor } = tenantRoute.useSearch();
  const navigate = tenantRoute.useNavigate();
  const list = useQuery({
    ...read(listTenantMailbox, { params, query: pageOf(search, cursor) }),
    placeholderData: keepPreviousData,
    refetchInterval: 3000,
  });
  const chosen = useQuery({
    ...read(getTenantMailboxMessage, { params: { ...params, id: message ?? "" } }),
    enabled: message !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className={classes.page}>
      <Page
        title="Mailbox"
        toolbar={
          <SearchField
            label="Search recipient or subject"
            value={search ?? ""}
            onSearch={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
          />
        }
      >
        <Mailbox
          list={list}
          chosen={chosen}
          message={message}
          choose={(id) => void navigate({ search: (before) => ({ ...before, message: id }) })}
          page={{
            cursor,
            searched: search !== undefined,
            turn: (next) => void navigate({ search: { search, cursor: next } }),
          }}
        />
      </Page>
    </div>
  );
}

/** The whole installation's, for a visitor from this very machine. Needs nobody to be signed in. */
export function InstallationMailboxPage() {
  const { message, search, cursor } = rootRoute.useSearch();
  const navigate = rootRoute.useNavigate();
  const meta = { anonymous: true };
  useDocumentTitle("Mailbox · Muster");
  const list = useQuery({
    ...read(listMailbox, { query: pageOf(search, cursor) }),
    placeholderData: keepPreviousData,
    meta,
    refetchInterval: 3000,
    retry: false,
  });
  const chosen = useQuery({
    ...read(getMailboxMessage, { params: { id: message ?? "" } }),
    enabled: message !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    meta,
  });
  return (
    <main className={`${classes.standalone} ${classes.page}`}>
      <header className={classes.head}>
        <h1>
          <Logo /> Mailbox of this installation
        </h1>
        <SearchField
          label="Search recipient or subject"
          value={search ?? ""}
          onSearch={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
        />
      </header>
      <Mailbox
        list={list}
        chosen={chosen}
        message={message}
        choose={(id) => void navigate({ search: (before) => ({ ...before, message: id }) })}
        page={{
          cursor,
          searched: search !== undefined,
          turn: (next) => void navigate({ search: { search, cursor: next } }),
        }}
      />
    </main>
  );
}

const pageOf = (search: string | undefined, cursor: string | undefined) => ({
  ...(search && { search }),
  ...(cursor && { cursor }),
});

type Props = {
  page: MailPage;
  list: UseQueryResult<Output<typeof listMailbox>>;
  chosen: UseQueryResult<Output<typeof getMailboxMessage>>;
  message: string | undefined;
  choose: (id: string | undefined) => void;
};

function Mailbox({ page, list, chosen, message, choose }: Props) {
  if (list.error?.status === 404) {
    return (
      <Notice title="There is no mailbox here">
        It exists only while Muster is not connected to a mail server, and shows its emails only to a visitor
        from the same machine or to the owner.
      </Notice>
    );
  }
  if (list.error && !list.data) return <LoadFailed problem={list.error} retry={list.refetch} />;
  return (
    <>
      <Explained />
      <div className={classes.panes} data-open={message !== undefined || undefined}>
        <MailList found={list.data} page={page} chosen={message} choose={choose} />
        <div className={classes.reading}>
          {message === undefined && (
            <Notice title="No email chosen">Choose one on the left to read it.</Notice>
          )}
          {message !== undefined && chosen.error && (
            <LoadFailed problem={chosen.error} retry={chosen.refetch} />
          )}
          {message !== undefined && chosen.data && (
            <MailView key={chosen.data.id} mail={chosen.data} close={() => choose(undefined)} />
          )}
        </div>
      </div>
    </>
  );
}
