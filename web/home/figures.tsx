import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Home } from "#server/features/home/contract.ts";
import { stateLook } from "../messages/message-looks.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { atMostWritten } from "../ui/at-most.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { number } from "../ui/words.ts";
import classes from "./home.module.css";
import { Section } from "./section.tsx";

type Props = { home: Home | undefined };

/** Who has been invited and is not in yet, and why some of them may never be. */
export function InvitationsSection({ home }: Props) {
  const params = { tenant: useTenant() };
  const limit = home?.atMost ?? 0;
  return (
    <Section title="Invitations">
      <ul className={classes.figures}>
        <Figure
          label={
            <StatusMark shape="empty" tone="plain">
              Not accepted yet
            </StatusMark>
          }
          value={home && number(home.people.invited)}
          link={(props) => (
            <Link to="/t/$tenant/users" params={params} search={{ status: "invited" }} {...props} />
          )}
        />
        <Figure
          label={
            <Marked
              look={{ shape: "half", tone: "warn", word: "Link has run out" }}
              value={home?.invitationsExpired}
            />
          }
          value={home && atMostWritten(home.invitationsExpired, limit)}
          link={(props) => (
            <Link
              to="/t/$tenant/users"
              params={params}
              search={{ status: "invited", expired: true }}
              {...props}
            />
          )}
        />
        <Figure
          label={
            <Marked
              look={{ shape: "problem", tone: "bad", word: "Email did not arrive" }}
              value={home?.invitationsFailed}
            />
          }
          value={home && atMostWritten(home.invitationsFailed, limit)}
          link={(props) => (
            <Link
              to="/t/$tenant/users"
              params={params}
              search={{ status: "invited", failed: true }}
              {...props}
            />
          )}
        />
      </ul>
    </Section>
  );
}

/** Whatever is not with the mail server, or came back from it; and without one all that was written. */
const undelivered = [
  "kept",
  "queued",
  "scheduled",
  "held",
  "deferred",
  "refused",
  "bounced",
  "expired",
] as const;
/** Shown when there are none too: that is news. */
const lasting: ReadonlySet<string> = new Set(["queued", "deferred", "bounced"]);

export function EmailsSection({ home }: Props) {
  const params = { tenant: useTenant() };
  const me = useMe();
  const messages = home?.messages;
  const counted = undelivered.filter((state) => state !== "kept" || me.mailKept);
  const shown = counted.filter((state) => lasting.has(state) || (messages?.[state] ?? 0) > 0);
  const none = messages && counted.every((state) => messages[state] === 0);
  return (
    <Section title="Undelivered email">
      <ul className={classes.figures}>
        {shown.map((state) => {
          const value = messages?.[state];
          return (
            <Figure
              key={state}
              label={<Marked look={stateLook(state, me)} value={value} />}
              value={value === undefined ? undefined : atMostWritten(value, home?.atMost ?? 0)}
              link={(props) => (
                <Link to="/t/$tenant/messages" params={params} search={{ state }} {...props} />
              )}
            />
          );
        })}
      </ul>
      {none && <Text c="dimmed">Nothing waits, nothing came back.</Text>}
    </Section>
  );
}

type Look = ReturnType<typeof stateLook>;

/** Calls for no attention where there is none of it. */
const Marked = ({ look, value }: { look: Look; value: number | undefined }) => (
  <StatusMark shape={value ? look.shape : "empty"} tone={value ? look.tone : "plain"}>
    {look.word}
  </StatusMark>
);

type LinkProps = { className: string; children: ReactNode };
type FigureProps = {
  label: ReactNode;
  value: string | undefined;
  link: (props: LinkProps) => ReactNode;
};

/** A number and what it counts, which leads to those it counts. */
export const Figure = ({ label, value, link }: FigureProps) => (
  <li>
    {link({
      className: classes.figure ?? "",
      children: (
        <>
          {label}
          <span className={classes.value} data-figures>
            {value ?? <span className={classes.waiting} />}
          </span>
        </>
      ),
    })}
  </li>
);
