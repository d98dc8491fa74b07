import { what } from "#server/event-words/sentences.ts";
import type { AuditEvent } from "../../audit/contract.ts";

type Whose = { id: string; name: string; timeZone: string };

/** When, who and what, for a person to read: by the tenant's clock and, of anybody else, without their name. */
export function historyInWords({ id, name, timeZone }: Whose) {
  const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "long", timeZone });
  return (event: AuditEvent) => ({
    when: clock.format(new Date(event.at)),
    who: event.actor.id === id ? name : others[event.actor.kind],
    what: event.target?.id === id ? what(event, name) : what(withoutNames(event), whomElse(event)),
  });
}

const others: Record<AuditEvent["actor"]["kind"], string> = {
  user: "Somebody else",
  system: "Muster",
  operator: "Whoever runs Muster",
  anonymous: "Somebody who was not signed in",
};

const withoutNames = (event: AuditEvent): AuditEvent => ({ ...event, changes: {}, address: null });

/** A person, or a thing whose name says whom or what it is about. */
const whomElse = ({ target }: AuditEvent) => (target?.kind === "user" ? "somebody else" : "…");
