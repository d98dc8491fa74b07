import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { listMessages, type Message } from "#server/features/mail/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { type Shape, StatusMark } from "../ui/status-mark.tsx";
import { When } from "../ui/when.tsx";
import classes from "./user-page.module.css";

type Look = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; word: string };

export const messageLooks: Record<Message["state"], Look> = {
  held: { shape: "empty", tone: "warn", word: "Held" },
  queued: { shape: "empty", tone: "plain", word: "Waiting" },
  sending: { shape: "half", tone: "plain", word: "Sending" },
  deferred: { shape: "half", tone: "warn", word: "Delayed" },
  accepted: { shape: "full", tone: "ok", word: "Sent" },
  failed: { shape: "problem", tone: "bad", word: "Failed" },
  withdrawn: { shape: "empty", tone: "plain", word: "Withdrawn" },
};

const kinds: Record<string, string> = {
  "user.created": "Credentials",
  "user.invited": "Invitation",
  "user.set_password": "Link to set a password",
  "password.reset": "Link to set a new password",
  "password.changed": "Notice that the password was changed",
};

/** What Muster has sent to somebody, the newest first, with the mail server's own words. */
export function UserMessages({ userId }: { userId: string }) {
  const tenant = useTenant();
  const { data, error, refetch } = useQuery({
    ...read(listMessages, { params: { tenant }, query: { userId, limit: 50 } }),
    // A message on its way changes by itself.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ state: now }) => now === "queued" || now === "sending") ? 2000 : false,
  });
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return null;
  if (data.items.length === 0) {
    return (
      <Text c="dimmed" mt="xs">
        Nothing has been sent to this person yet.
      </Text>
    );
  }
  return (
    <ul className={classes.messages}>
      {data.items.map((message) => (
        <OneMessage key={message.id} message={message} />
      ))}
    </ul>
  );
}

function OneMessage({ message }: { message: Message }) {
  const look = messageLooks[message.state];
  const words = kinds[message.kind] ?? message.kind.replaceAll(/[._]/g, " ");
  return (
    <li className={classes.message}>
      <span>{words}</span>
      <StatusMark shape={look.shape} tone={look.tone}>
        {look.word}
      </StatusMark>
      <span className={classes.reply}>
        <When at={message.finishedAt ?? message.createdAt} />
        {message.recipient && <> to {message.recipient}</>}
        {message.attempts > 1 && <>, {message.attempts} attempts</>}
        {message.state !== "accepted" && message.lastReply && (
          <>. The mail server said: {message.lastReply}</>
        )}
        {message.state === "deferred" && message.dueAt && (
          <>
            {" "}
            Tried again <When at={message.dueAt} />.
          </>
        )}
      </span>
    </li>
  );
}
