import { UnstyledButton } from "@mantine/core";
import type { listMailbox } from "#server/features/mail/contract.ts";
import type { Output } from "../api.ts";
import { Notice } from "../ui/notice.tsx";
import { Pager } from "../ui/pager.tsx";
import { usePageTrail } from "../ui/use-page-trail.ts";
import { When } from "../ui/when.tsx";
import classes from "./mailbox.module.css";

/** Which page of the list, and how to turn to another one. */
export type MailPage = {
  cursor: string | undefined;
  searched: boolean;
  turn(cursor: string | undefined): void;
};

type Props = {
  found: Output<typeof listMailbox> | undefined;
  page: MailPage;
  chosen: string | undefined;
  choose: (id: string) => void;
};

export function MailList({ found, page: { cursor, searched, turn }, chosen, choose }: Props) {
  const { previous, next } = usePageTrail(cursor, turn);
  if (!found) return <div className={classes.list} aria-busy="true" />;
  const { items, nextCursor } = found;
  if (items.length === 0 && !cursor) {
    return (
      <div className={classes.list}>
        {searched ? (
          <Notice title="No email matches">No recipient and no subject has this in it.</Notice>
        ) : (
          <Notice title="No emails yet">
            Add or invite somebody, and their email appears here within a second.
          </Notice>
        )}
      </div>
    );
  }
  return (
    <div className={classes.list} key={cursor ?? ""}>
      <ul className={classes.items} aria-label="Emails">
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
      <Pager summary="" previous={previous} next={next(nextCursor)} />
    </div>
  );
}
