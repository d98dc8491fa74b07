import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { getHome, type Home } from "#server/features/home/contract.ts";
import { Needs } from "../shell/needs.tsx";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Page } from "../ui/page.tsx";
import { Attention } from "./attention.tsx";
import { Beginning } from "./beginning.tsx";
import { EmailsSection, InvitationsSection } from "./figures.tsx";
import classes from "./home.module.css";
import { PeopleSection } from "./people-section.tsx";
import { RecentImports } from "./recent-imports.tsx";

const route = getRouteApi("/t/$tenant/frame/home");
const daysOf = { month: 30, quarter: 90, year: 365 } as const;

export const HomePage = () => (
  <Needs permission="users.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const params = route.useParams();
  const { period = "quarter", table } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    ...read(getHome, { params, query: { days: daysOf[period] } }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  const change = (next: { period?: "month" | "year" | undefined; table?: true | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  if (error && !data) {
    return (
      <Page title="Home">
        <LoadFailed problem={error} retry={refetch} />
      </Page>
    );
  }
  return (
    <Page title="Home" actions={<Actions />}>
      <div className={classes.home} aria-busy={!data}>
        {data && isNew(data) && <Beginning />}
        {data && <Attention home={data} />}
        <PeopleSection home={data} period={period} table={table === true} change={change} />
        <div className={classes.pair}>
          <InvitationsSection home={data} />
          {data?.messages !== null && <EmailsSection home={data} />}
        </div>
        {data?.imports !== null && <RecentImports imports={data?.imports.recent} />}
      </div>
    </Page>
  );
}

/** Nobody but whoever set it up, and no file was looked at yet. */
const isNew = ({ people, imports }: Home) => people.all <= 1 && !imports?.recent.length;

function Actions() {
  const me = useMe();
  const params = { tenant: useTenant() };
  return (
    <>
      {may(me, "imports.run") && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/t/$tenant/import" params={params} {...props} />}
        >
          Import User
        </Button>
      )}
      {may(me, "users.create") && (
        <Button
          renderRoot={(props) => (
            <Link to="/t/$tenant/users" params={params} search={{ add: true }} {...props} />
          )}
        >
          Add User
        </Button>
      )}
    </>
  );
}
