import { Link } from "@tanstack/react-router";
import type { ImportRow } from "#server/features/imports/contract.ts";
import { stateLook } from "../messages/message-looks.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { exactTime } from "../ui/time.ts";
import { None } from "./cell-text.tsx";
import { lookOfRow } from "./outcomes.ts";
import type { Shown } from "./row-columns.ts";
import classes from "./rows-table.module.css";

/** Where the email to whoever a row made stands. */
export function Delivery({ row: { message, outcome } }: { row: ImportRow }) {
  const me = useMe();
  if (!message) return <None>{outcome === "suspended" ? "none yet" : "none"}</None>;
  const look = stateLook(message.state, me);
  return (
    <span title={[exactTime(message.at), message.lastReply].filter(Boolean).join("\n")}>
      <StatusMark shape={look.shape} tone={look.tone}>
        {look.word}
      </StatusMark>
    </span>
  );
}

/** What became of a row, and the way to whom it is about. */
export function Outcome({ row, found }: { row: ImportRow; found: Shown["found"] }) {
  const tenant = useTenant();
  const look = lookOfRow(row, found);
  return (
    <>
      <StatusMark shape={look.shape} tone={look.tone}>
        {look.word}
      </StatusMark>
      {row.userId && (
        <Link
          to="/t/$tenant/users/$userId"
          params={{ tenant, userId: row.userId }}
          className={classes.link}
          tabIndex={-1}
          aria-label={`Open ${row.firstName} ${row.lastName}`.trim()}
        >
          Open
        </Link>
      )}
    </>
  );
}
