import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { what, who } from "#server/event-words/sentences.ts";
import { listAudit } from "#server/features/audit/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { When } from "../ui/when.tsx";
import classes from "./user-page.module.css";

const shown = 8;

/** The latest that happened to somebody and that they did about themselves; all of it is in the audit log. */
export function UserHistory({ userId }: { userId: string }) {
  const tenant = useTenant();
  const { data, error, refetch } = useQuery(
    read(listAudit, { params: { tenant }, query: { target: userId, limit: shown } }),
  );
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data) return null;
  if (data.items.length === 0) {
    return (
      <Text c="dimmed" mt="xs">
        Nothing has been recorded about them since they were added.
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.messages}>
        {data.items.map((event) => (
          <li key={event.id} className={classes.message}>
            <TextLink
              to="/t/$tenant/audit"
              params={{ tenant }}
              search={{ target: userId, open: event.id }}
              className={classes.event}
            >
              {what(event)}
            </TextLink>
            <When at={event.at} />
            {event.actor.id !== userId && <span className={classes.reply}>{who(event)}</span>}
          </li>
        ))}
      </ul>
      <Text mt="xs">
        <TextLink to="/t/$tenant/audit" params={{ tenant }} search={{ target: userId }}>
          {data.nextCursor ? "All of their history" : "Their history in the audit log"}
        </TextLink>
      </Text>
    </>
  );
}
