import { Button, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { getUser, type User } from "#server/features/users/contract.ts";
import { roleNames } from "#server/permissions.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { GroupMark } from "../ui/group-mark.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Page } from "../ui/page.tsx";
import { When } from "../ui/when.tsx";
import { EditUserPanel } from "./edit-user-panel.tsx";
import { invitationInWords } from "./invitation-in-words.ts";
import { MailFailure } from "./mail-failure.tsx";
import { NoUser } from "./no-user.tsx";
import { actionsOn, fullName } from "./person.ts";
import { UserHistory } from "./user-history.tsx";
import { UserMenu } from "./user-menu.tsx";
import { UserMessages } from "./user-messages.tsx";
import classes from "./user-page.module.css";
import { UserProvenance } from "./user-provenance.tsx";
import { UserSignIn } from "./user-sign-in.tsx";
import { UserStatus } from "./user-status.tsx";

const route = getRouteApi("/t/$tenant/frame/users/$userId");

export const UserPage = () => (
  <Needs permission="users.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const { tenant, userId } = route.useParams();
  const { data, error, refetch } = useQuery(read(getUser, { params: { tenant, userId } }));
  if (data) return <OneUser user={data} />;
  return (
    <Page title="User" back={<BackLink to="/t/$tenant/users" />}>
      {error?.status === 404 ? <NoUser /> : error && <LoadFailed problem={error} retry={refetch} />}
    </Page>
  );
}

function OneUser({ user }: { user: User }) {
  const me = useMe();
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const toList = () => void navigate({ to: "/t/$tenant/users", params: { tenant: me.tenant.slug } });
  const open = (opened: boolean) => void navigate({ search: { edit: opened ? user.id : undefined } });
  return (
    <Page
      title={fullName(user)}
      aside={<UserStatus user={user} />}
      back={<BackLink to="/t/$tenant/users" />}
      actions={
        <>
          {actionsOn(me, user).edit && <Button onClick={() => open(true)}>Edit</Button>}
          <UserMenu user={user} onDeleted={toList} />
        </>
      }
    >
      <div className={classes.columns}>
        <section aria-labelledby="facts">
          <Title order={2} id="facts">
            Facts
          </Title>
          <MailFailure user={user} />
          <Facts user={user} />
          {may(me, "imports.read") && <UserProvenance userId={user.id} />}
        </section>
        <div className={classes.timeline}>
          <section aria-labelledby="sign-in">
            <Title order={2} id="sign-in">
              Sign-in
            </Title>
            <UserSignIn user={user} />
          </section>
          {may(me, "messages.read") && (
            <section aria-labelledby="emails">
              <Title order={2} id="emails">
                Emails
              </Title>
              <UserMessages user={user} />
            </section>
          )}
          {may(me, "audit.read") && (
            <section aria-labelledby="history">
              <Title order={2} id="history">
                History
              </Title>
              <UserHistory userId={user.id} />
            </section>
          )}
        </div>
      </div>
      <EditUserPanel userId={edit} onClose={() => open(false)} onDeleted={toList} />
    </Page>
  );
}

function Facts({ user }: { user: User }) {
  return (
    <dl className={classes.facts}>
      <Fact label="Email">{user.email}</Fact>
      <Fact label="Role">{roleNames[user.role]}</Fact>
      <Fact label="Groups">
        {user.groups.length === 0 ? (
          <span className={classes.none}>none</span>
        ) : (
          <GroupLinks groups={user.groups} />
        )}
      </Fact>
      {user.language && <Fact label="Emails in">{languageNames[user.language]}</Fact>}
      {user.invitation && <Fact label="Invitation">{invitationInWords(user.invitation, user.mail)}</Fact>}
      <Fact label="Last sign-in">{user.lastSignInAt ? <When at={user.lastSignInAt} /> : "never"}</Fact>
      <Fact label="Added">
        <When at={user.createdAt} />
      </Fact>
    </dl>
  );
}

function GroupLinks({ groups }: { groups: User["groups"] }) {
  const { tenant } = route.useParams();
  return (
    <ul className={classes.groups}>
      {groups.map((group) => (
        <li key={group.id}>
          <Link
            to="/t/$tenant/groups/$groupId"
            params={{ tenant, groupId: group.id }}
            className={classes.group}
          >
            <GroupMark group={group} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={classes.fact}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
