import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { kindName } from "#server/features/mail/kind-names.ts";
import { listMessages, type Message } from "#server/features/messages/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { replyOf, stateLook } from "../messages/message-looks.ts";
import { readAgainAfter } from "../messages/read-again.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { When } from "../ui/when.tsx";
import classes from "./user-page.module.css";

/** What Muster has sent to somebody, the newest first, with the mail server's own words. */
export function UserMessages({ user: { id: userId, status } }: { user: User }) {
  const tenant = useTenant();
  const suspended = status === "suspended";
  const { data, error, refetch } = useQuery({
    ...read(listMessages, { params: { tenant }, query: { userId, limit: 50 } }),
    // A message changes by itself.
    refetchInterval: ({ state: { data } }) => readAgainAfter(data?.items),
  });
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return null;
  if (data.items.length === 0) {
    return (
      <Text c="dimmed" mt="xs">
        {suspended
          ? "Nothing has been sent to them: suspended users get no email. Their first one goes when they are reactivated."
          : "Nothing has been sent to this person yet."}
      </Text>
    );
  }
  return (
    <>
      {suspended && (
        <Text c="dimmed" mt="xs">
          Suspended users get no email until they are reactivated.
        </Text>
      )}
      <ul className={classes.messages}>
        {data.items.map((message) => (
          <OneMessage key={message.id} message={message} />
        ))}
      </ul>
    </>
  );
}

function OneMessage({ message }: { message: Message }) {
  const tenant = useTenant();
  const look = stateLook(message.state, useMe());
  const said = replyOf(message);
  return (
    <li className={classes.message}>
      <Link
        className={classes.group}
        to="/t/$tenant/messages"
        params={{ tenant }}
        search={{ message: message.id }}
        title="What it says, and what became of it"
      >
        {kindName(message.kind)}
      </Link>
      <StatusMark shape={look.shape} tone={look.tone}>
        {look.word}
      </StatusMark>
      <span className={classes.reply}>
        <When at={message.finishedAt ?? message.createdAt} />
        {message.recipient && <> to {message.recipient}</>}
        {message.attempts > 1 && <>, {message.attempts} attempts</>}
        {message.state !== "accepted" && said && <>. {said}</>}
        {message.state === "deferred" && message.dueAt && (
          <>
            {" "}
            Next try <When at={message.dueAt} />.
          </>
        )}
      </span>
    </li>
  );
}
