import { UnstyledButton } from "@mantine/core";
import type { listMailbox } from "#server/features/mail/contract.ts";
import type { Output } from "../api.ts";
import { Notice } from "../ui/notice.tsx";
import { When } from "../ui/when.tsx";
import classes from "./mailbox.module.css";

type Items = Output<typeof listMailbox>["items"];
type Props = { items: Items | undefined; chosen: string | undefined; choose: (id: string) => void };

export function MailList({ items, chosen, choose }: Props) {
  if (!items) return <div className={classes.list} aria-busy="true" />;
  if (items.length === 0) {
    return (
      <div className={classes.list}>
        <Notice title="No emails yet">
          Add or invite somebody, and their email appears here within a second.
        </Notice>
      </div>
    );
  }
  return (
    <ul className={classes.list} aria-label="Emails">
      {items.map((item) => (
        <li key={item.id}>
          <UnstyledButton
            className={classes.item}
            aria-current={item.id === chosen || undefined}
            onClick={() => choose(item.id)}
          >
            <span className={classes.recipient}>{item.recipient}</span>
            <span className={classes.at}>
              <When at={item.receivedAt} />
            </span>
            <span className={classes.subject}>{item.subject}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
