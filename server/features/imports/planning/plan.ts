import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Import, importSafety } from "../shapes.ts";
import type { Changes, ImportRecord, PlanFacts } from "../store.ts";

export type Safety = z.output<typeof importSafety>;
type SeatBelt = NonNullable<Import["seatBelt"]>;

/** What somebody agrees to when they press Import CSV: every row as it is planned, and how it is carried out. */
export function planHash(found: ImportRecord, facts: PlanFacts): string {
  const agreed = {
    facts,
    groups: found.create_missing_groups,
    existing: found.existing,
    allOrNothing: found.all_or_nothing,
    mail: [found.mail, found.mail_at?.toISOString() ?? null],
    source: found.source,
    graceDays: facts.leavers.ticked > 0 && found.leavers_grace_days,
  };
  return createHash("sha256").update(JSON.stringify(agreed)).digest("hex");
}

export const emailsOf = ({ create_missing_groups }: ImportRecord, facts: PlanFacts) =>
  create_missing_groups ? facts.emailsWithGroups : facts.emails;

/** What is changed of people who are users already; of those too whose groups are made first. */
function changesOf({ create_missing_groups }: ImportRecord, { waiting, ...changes }: PlanFacts): Changes {
  if (!create_missing_groups || !waiting) return changes;
  return {
    updates: changes.updates + waiting.updates,
    administrators: changes.administrators + waiting.administrators,
  };
}

/** A share of few people says nothing: below this many changes nobody is asked. */
const fewChanges = 10;
const number = (value: number) => value.toLocaleString("en");

type Looking = { limits: Safety; phrase: string; changesYou: boolean };

/** What should make somebody stop and look before this plan is carried out; null where nothing does. */
export function seatBelt(
  found: ImportRecord,
  facts: PlanFacts,
  { limits, phrase, changesYou }: Looking,
): SeatBelt | null {
  const reasons: SeatBelt["reasons"] = [];
  const add = (code: SeatBelt["reasons"][number]["code"], message: string) => reasons.push({ code, message });
  const { existingUsers, newDomains } = facts;
  const { administrators, updates } = changesOf(found, facts);
  const leavers = facts.leavers.ticked;
  if (administrators > 0)
    add(
      "administrators",
      `It changes ${administrators === 1 ? "somebody who administers" : `${number(administrators)} people who administer`} this portal.`,
    );
  if (changesYou) add("yourself", "It changes you yourself.");
  const share = existingUsers === 0 ? 0 : (100 * (updates + leavers)) / existingUsers;
  if (updates + leavers > fewChanges && share > limits.changedPercent)
    add(
      "many_changes",
      `It changes ${number(updates + leavers)} of ${number(existingUsers)} users, more than ${limits.changedPercent} %.`,
    );
  const emails = emailsOf(found, facts);
  if (emails > limits.emails)
    add("many_emails", `It sends ${number(emails)} emails, more than ${number(limits.emails)}.`);
  if (newDomains.length > 0)
    add("new_domains", `Nobody here has had an address at ${listed(newDomains)} so far.`);
  if (found.create_missing_groups && facts.unknownGroups > limits.newGroups)
    add(
      "new_groups",
      `It creates ${number(facts.unknownGroups)} groups, more than ${number(limits.newGroups)}: every name of the file that no group has yet, misspelled ones too.`,
    );
  if (leavers > 0)
    add(
      "leavers",
      `It suspends ${number(leavers)} ${leavers === 1 ? "person" : "people"} missing from the file.`,
    );
  return reasons.length > 0 ? { reasons, phrase } : null;
}

function listed(domains: readonly string[]) {
  const shown = domains.slice(0, 3).join(", ");
  const more = domains.length - 3;
  return more > 0 ? `${shown} and ${more === 17 ? "many" : more} more` : shown;
}
