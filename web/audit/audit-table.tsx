import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Fragment, useId } from "react";
import { what, whence, who } from "#server/event-words/sentences.ts";
import type { AuditEvent } from "#server/features/audit/contract.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import table from "../ui/table.module.css";
import { When } from "../ui/when.tsx";
import classes from "./audit.module.css";
import type { AuditState } from "./audit-state.ts";
import { EventDetails } from "./event-details.tsx";
import { moveBetweenEvents } from "./move-between-events.ts";

type Props = {
  events: readonly AuditEvent[] | undefined;
  stale: boolean;
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
  onFilter: (next: AuditState) => void;
};

export const AuditTable = ({ events, stale, open, onOpen, onFilter }: Props) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Audit events"
      aria-busy={!events || stale}
    >
      <thead>
        <tr>
          <th className={classes.when}>When</th>
          <th className={classes.who}>Who</th>
          <th>What</th>
          <th className={classes.where}>From where</th>
          <th className={classes.more}>
            <VisuallyHidden>Details</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenEvents}>
        {events ? (
          events.map((event) => (
            <OneEvent
              key={event.id}
              event={event}
              opened={event.id === open}
              onToggle={() => onOpen(event.id === open ? undefined : event.id)}
              onFilter={onFilter}
            />
          ))
        ) : (
          <SkeletonRows columns={5} />
        )}
      </tbody>
    </table>
  </div>
);

type RowProps = {
  event: AuditEvent;
  opened: boolean;
  onToggle: () => void;
  onFilter: (next: AuditState) => void;
};

/** One line; pressed anywhere it opens what was before and after, as does the button at its end by keyboard. */
function OneEvent({ event, opened, onToggle, onFilter }: RowProps) {
  const details = useId();
  const sentence = what(event);
  return (
    <Fragment>
      <tr className={classes.row} data-open={opened || undefined} onClick={onToggle}>
        <td className={`${table.dim} ${classes.whenCell}`}>
          <When at={event.at} />
        </td>
        <td className={classes.whoCell} title={who(event)}>
          {who(event)}
        </td>
        <td className={classes.whatCell} title={sentence}>
          {sentence}
        </td>
        <td className={`${table.dim} ${table.phoneHidden}`} title={whence(event)}>
          {whence(event)}
        </td>
        <td className={classes.moreCell}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Details: ${sentence}`}
            aria-expanded={opened}
            aria-controls={opened ? details : undefined}
            onClick={(click) => {
              click.stopPropagation();
              onToggle();
            }}
          >
            <IconChevronRight size={16} className={classes.chevron} />
          </ActionIcon>
        </td>
      </tr>
      {opened && (
        <tr className={classes.detailsRow} id={details}>
          <td colSpan={5}>
            <EventDetails event={event} onFilter={onFilter} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}
