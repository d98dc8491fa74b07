import type { ReactNode } from "react";
import type { Home } from "#server/features/home/contract.ts";
import type { Import } from "#server/features/imports/contract.ts";
import { erasedSoonDays } from "#server/features/users/contract.ts";
import { importLooks, importResult } from "../imports/import-looks.ts";
import { useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { atMostPeople, atMostWritten } from "../ui/at-most.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { count, listing } from "../ui/words.ts";
import classes from "./home.module.css";
import { Section } from "./section.tsx";

const noServer = "There is no mail server yet: nobody gets the emails that are written";

/** What somebody has to do something about, each with the way there. Nothing at all where there is nothing. */
export function Attention({ home }: { home: Home }) {
  const params = { tenant: useTenant() };
  const me = useMe();
  const { mailKept } = me;
  const { atMost, invitationsExpired, neverSent, mailFailed, erasedSoon, messages, imports } = home;
  const lines: { key: string; mark: ReactNode; link: ReactNode }[] = (imports?.inNeed ?? []).map((item) => ({
    key: item.id,
    mark: <ImportMark item={item} />,
    link: (
      <TextLink to="/t/$tenant/imports/$importId" params={{ ...params, importId: item.id }}>
        {importInNeed(item)}
      </TextLink>
    ),
  }));
  if (mailKept) {
    lines.push({
      key: "no mail server",
      mark: <Mark>Email</Mark>,
      link: may(me, "settings.read") ? (
        <TextLink to="/t/$tenant/settings" params={params} hash="mail-server">
          {noServer}
        </TextLink>
      ) : (
        noServer
      ),
    });
  }
  if (neverSent > 0) {
    lines.push({
      key: "never sent",
      mark: <Mark bad>Email</Mark>,
      link: (
        <TextLink to="/t/$tenant/messages" params={params} search={{ state: "kept" }}>
          {atMostPeople(neverSent, atMost)} never got their email: there was no mail server then
        </TextLink>
      ),
    });
  }
  if (mailFailed > 0) {
    lines.push({
      key: "mail failed",
      mark: <Mark bad>Email</Mark>,
      link: (
        <TextLink to="/t/$tenant/users" params={params} search={{ failed: true }}>
          The last email to {atMostPeople(mailFailed, atMost)} did not arrive
        </TextLink>
      ),
    });
  }
  if (invitationsExpired > 0) {
    lines.push({
      key: "expired",
      mark: <Mark>Invitation</Mark>,
      link: (
        <TextLink to="/t/$tenant/users" params={params} search={{ status: "invited", expired: true }}>
          The invitation of {atMostPeople(invitationsExpired, atMost)} has run out
        </TextLink>
      ),
    });
  }
  const held = messages?.held ?? 0;
  if (held > 0) {
    lines.push({
      key: "held",
      mark: <Mark>Email</Mark>,
      link: (
        <TextLink to="/t/$tenant/messages" params={params} search={{ state: "held" }}>
          {held === 1 ? "1 email is" : `${atMostWritten(held, atMost)} emails are`} held until somebody
          releases {held === 1 ? "it" : "them"}
        </TextLink>
      ),
    });
  }
  if (erasedSoon > 0) {
    lines.push({
      key: "erased soon",
      mark: <Mark>Deleted</Mark>,
      link: (
        <TextLink to="/t/$tenant/users/deleted" params={params} search={{ soon: true, sort: "erase" }}>
          {atMostPeople(erasedSoon, atMost)} will be erased for good within {count(erasedSoonDays, "day")}
        </TextLink>
      ),
    });
  }
  if (lines.length === 0) return null;
  return (
    <Section title="Needs attention">
      <ul className={classes.attention}>
        {lines.map(({ key, mark, link }) => (
          <li key={key}>
            {mark}
            {link}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const Mark = ({ bad, children }: { bad?: true; children: string }) => (
  <StatusMark shape={bad ? "problem" : "empty"} tone={bad ? "bad" : "warn"}>
    {children}
  </StatusMark>
);

function ImportMark({ item }: { item: Import }) {
  const { shape, tone } = item.trouble ? importLooks.failed : importLooks[item.state];
  return (
    <StatusMark shape={shape} tone={tone}>
      Import
    </StatusMark>
  );
}

function importInNeed(item: Import): string {
  const name = listing(item.files.map((file) => file.name)) || "An upload without a file";
  if (item.trouble) return `${name}: ${item.trouble}`;
  if (item.state === "failed") return `${name}: failed. ${item.problem ?? ""}`.trim();
  if (item.state === "undo_stopped")
    return `${name}: undone in part. Whoever began to undo it may not any more; somebody else has to go on.`;
  return `${name}: not imported yet, ${importResult(item)}`;
}
