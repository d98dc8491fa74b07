import { UnstyledButton } from "@mantine/core";
import { kindName } from "#server/features/mail/kind-names.ts";
import type { Message } from "#server/features/messages/contract.ts";
import { useMe } from "../shell/session.ts";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import table from "../ui/table.module.css";
import { When } from "../ui/when.tsx";
import { replyOf, stateLook } from "./message-looks.ts";
import classes from "./messages.module.css";

type Props = { messages: readonly Message[] | undefined; stale: boolean; open: (message: Message) => void };

export const MessagesTable = ({ messages, stale, open }: Props) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Messages"
      aria-busy={!messages || stale}
    >
      <thead>
        <tr>
          <th className={classes.who}>To</th>
          <th className={classes.what}>What</th>
          <th className={classes.state}>State</th>
          <th className={classes.reply}>Details</th>
          <th className={classes.when}>When</th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {messages ? (
          messages.map((message) => <MessageRow key={message.id} message={message} open={open} />)
        ) : (
          <SkeletonRows columns={5} />
        )}
      </tbody>
    </table>
  </div>
);

function MessageRow({ message, open }: { message: Message; open: (message: Message) => void }) {
  const look = stateLook(message.state, useMe());
  const { person, recipient } = message;
  const name = person?.name ?? recipient ?? "somebody deleted";
  const said = replyOf(message);
  return (
    <tr className={classes.row}>
      <td className={classes.whoCell}>
        <UnstyledButton
          title={name}
          className={`${table.name} ${classes.person}`}
          onClick={() => open(message)}
        >
          {name}
        </UnstyledButton>
        <span className={classes.address} title={recipient ?? person?.email}>
          {recipient ?? person?.email}
        </span>
      </td>
      <td className={classes.whatCell} title={kindName(message.kind)}>
        {kindName(message.kind)}
      </td>
      <td className={classes.stateCell}>
        <StatusMark shape={look.shape} tone={look.tone}>
          {look.word}
        </StatusMark>
      </td>
      <td className={`${table.dim} ${classes.replyCell}`} title={said ?? ""}>
        <NextTry message={message} />
        {message.lastReply}
      </td>
      <td className={`${table.dim} ${classes.whenCell}`}>
        <When at={message.finishedAt ?? message.createdAt} />
      </td>
    </tr>
  );
}

function NextTry({ message: { state, dueAt } }: { message: Message }) {
  if (!dueAt || (state !== "deferred" && state !== "scheduled")) return null;
  return (
    <>
      {state === "deferred" ? "Next try " : "Goes out "}
      <When at={dueAt} />.{" "}
    </>
  );
}
