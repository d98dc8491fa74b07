import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { fieldName } from "#server/event-words/field-names.ts";
import { whence, who, whom } from "#server/event-words/sentences.ts";
import type { AuditEvent } from "#server/features/audit/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { TextLink } from "../ui/text-link.tsx";
import { exactTime } from "../ui/time.ts";
import { number } from "../ui/words.ts";
import classes from "./audit.module.css";
import type { AuditState } from "./audit-state.ts";
import { detailName, valueWords } from "./field-names.ts";

type Props = { event: AuditEvent; onFilter: (next: AuditState) => void };

/** What was before and after, and everything else that is known of an event. */
export const EventDetails = ({ event, onFilter }: Props) => (
  <div className={classes.details}>
    <Changes event={event} />
    <dl className={classes.facts}>
      <Fact label="When">{exactTime(event.at)}</Fact>
      <Fact label="Who">
        {who(event)}
        {event.actor.id && (
          <Only onClick={() => onFilter({ actor: event.actor.id ?? undefined })}>everything they did</Only>
        )}
      </Fact>
      {(event.target || event.address) && (
        <Fact label="Whom">
          <Target event={event} />
          {event.target && (
            <Only onClick={() => onFilter({ target: event.target?.id })}>
              everything about {event.target.kind === "user" ? "them" : "it"}
            </Only>
          )}
        </Fact>
      )}
      {event.address && event.target?.name && <Fact label="Typed">{event.address}</Fact>}
      {whence(event) && (
        <Fact label="From where">
          {whence(event)}
          {event.ip && (
            <Only onClick={() => onFilter({ ip: event.ip ?? undefined })}>everything from there</Only>
          )}
        </Fact>
      )}
      {event.userAgent && <Fact label="Browser">{event.userAgent}</Fact>}
      {Object.entries(event.details)
        .filter(([name]) => !ofBatch.includes(name))
        .map(([name, value]) => (
          <Fact key={name} label={capital(detailName(name))}>
            {typeof value === "number" ? number(value) : (valueWords(value, name) ?? "–")}
          </Fact>
        ))}
      <Batch event={event} />
      <Fact label="Event">
        <code className={classes.code}>{event.action}</code> <code className={classes.code}>{event.id}</code>
        <span className={classes.chained}>
          {event.position === null
            ? "in the chain within a minute"
            : `position ${number(event.position)} of the chain`}
        </span>
      </Fact>
    </dl>
  </div>
);

function Changes({ event }: { event: AuditEvent }) {
  if (event.erased)
    return (
      <p className={classes.erased}>
        The values before and after were erased
        {event.fields.length > 0 && `: ${event.fields.map(fieldName).join(", ")}`}. That it happened stays.
      </p>
    );
  const changes = Object.entries(event.changes);
  if (changes.length === 0) return null;
  return (
    <dl className={classes.facts} aria-label="Before and after">
      {changes.map(([field, { before, after }]) => (
        <Fact key={field} label={capital(fieldName(field))}>
          <del className={classes.before}>{valueWords(before, field) ?? "–"}</del>
          <span className={classes.arrow} aria-hidden>
            →
          </span>
          <ins className={classes.after}>{valueWords(after, field) ?? "–"}</ins>
        </Fact>
      ))}
    </dl>
  );
}

/** By these an event of a group is found when somebody asks about one of its people. */
const ofBatch = ["bulkAction", "batch", "undo"];

/** Who they were stands in the bulk action. */
function Batch({ event: { details } }: { event: AuditEvent }) {
  const tenant = useTenant();
  if (typeof details.bulkAction !== "string") return null;
  const [params, search] = [
    { tenant, bulkActionId: details.bulkAction },
    { outcome: details.undo ? ("undone" as const) : ("changed" as const) },
  ];
  return (
    <Fact label="How">
      <TextLink to="/t/$tenant/bulk-actions/$bulkActionId" params={params} search={search}>
        {details.undo ? "Undoing a bulk action" : "A bulk action"}
      </TextLink>
    </Fact>
  );
}

/** A link where there is a page of it still. */
function Target({ event }: { event: AuditEvent }) {
  const tenant = useTenant();
  const { target } = event;
  if (!target?.name) return whom(event);
  if (target.kind === "user")
    return (
      <TextLink to="/t/$tenant/users/$userId" params={{ tenant, userId: target.id }}>
        {target.name}
      </TextLink>
    );
  if (target.kind === "group")
    return (
      <TextLink to="/t/$tenant/groups/$groupId" params={{ tenant, groupId: target.id }}>
        {target.name}
      </TextLink>
    );
  if (target.kind === "import")
    return (
      <TextLink to="/t/$tenant/imports/$importId" params={{ tenant, importId: target.id }}>
        {target.name}
      </TextLink>
    );
  if (target.kind === "message")
    return (
      <TextLink to="/t/$tenant/messages" params={{ tenant }} search={{ message: target.id }}>
        {target.name}
      </TextLink>
    );
  if (target.kind === "bulk_action")
    return (
      <TextLink to="/t/$tenant/bulk-actions/$bulkActionId" params={{ tenant, bulkActionId: target.id }}>
        {whom(event)}
      </TextLink>
    );
  return target.name;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

const Only = ({ onClick, children }: { onClick: () => void; children: ReactNode }) => (
  <Anchor component="button" type="button" size="xs" onClick={onClick}>
    Show {children}
  </Anchor>
);

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={classes.fact}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
