import type { AuditEvent } from "#server/features/audit/contract.ts";
import { processOf, verbs } from "#server/features/bulk-actions/action-words.ts";
import type { BulkActionName } from "#server/features/bulk-actions/contract.ts";
import { kindName } from "#server/features/mail/kind-names.ts";
import { type Language, languageNames } from "#server/features/tenants/tenant-settings.ts";
import { count, listing, number, people } from "#server/platform/text/words.ts";
import { fieldName } from "./field-names.ts";

/** Who did it, as the table shows it. */
export function who({ actor }: Pick<AuditEvent, "actor">): string {
  if (actor.kind === "system") return "Muster";
  if (actor.kind === "operator") return "Operator, by command";
  if (actor.kind === "anonymous") return "Not signed in";
  return actor.name ?? "Somebody erased";
}

/** From where; a job that somebody asked for does it from nowhere. */
export const whence = ({ actor, ip }: Pick<AuditEvent, "actor" | "ip">) =>
  ip ?? (actor.kind === "user" ? "In the background" : undefined);

type Written = (event: AuditEvent, target: string) => string;

const amount = ({ details }: AuditEvent, name: string) => Number(details[name] ?? 0);
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** A name that may have been erased since. */
const quoted = (name: unknown) => (text(name) ? `, “${text(name)}”` : "");

/** "suspending 214 people"; how many it came to where that is `counted`. */
const bulk = (event: AuditEvent, counted?: string) =>
  processOf(
    text(event.details.action) || (event.target?.name ?? ""),
    counted ? people(amount(event, counted)) : "people",
  );

const wayWords: Record<string, string> = {
  passkey: "a passkey",
  passkey_alone: "a passkey alone",
  authenticator: "a code of the authenticator app",
  recovery_code: "a recovery code",
};

/** `{}` is whom or what it was done to. */
const sentences: Record<string, string | Written> = {
  "user.created": "Created {}",
  "user.invited": "Invited {}",
  "user.changed": ({ fields }, target) =>
    fields.length > 0
      ? `Changed the ${listing(fields.map(fieldName))} of ${target}`
      : `Saved ${target} without changing anything`,
  "user.suspended": "Suspended {}",
  "user.reactivated": "Reactivated {}",
  "user.deleted": "Deleted {}",
  "user.restored": "Restored {}",
  "user.erased": ({ target: erased }, target) => `Erased ${erased?.name ? target : "somebody"} for good`,
  "user.password_link_sent": "Sent {} a link to set a new password",
  "user.mail_failed": "Noted that email to {} comes back",
  "user.data_exported": "Exported everything held about {}",
  "ownership.transferred": "Handed ownership over to {}",
  "lockout.lifted": "Let {} try to sign in again at once",
  "user.credentials_resent": "Sent {} their credentials again",
  "user.added_to_group": ({ changes }, target) =>
    `Added ${target} to ${text(changes.group?.after) || "a group"}`,
  "user.removed_from_group": ({ changes }, target) =>
    `Removed ${target} from ${text(changes.group?.before) || "a group"}`,
  "group.created": "Created the group {}",
  "group.changed": ({ fields }, target) =>
    fields.length > 0
      ? `Changed the ${listing(fields.map(fieldName))} of the group ${target}`
      : `Saved the group ${target} without changing anything`,
  "group.deleted": "Deleted the group {}",
  "group.members_changed": (event, target) => {
    const [added, removed] = [amount(event, "added"), amount(event, "removed")];
    if (added > 0 && removed === 0) return `Added ${people(added)} to ${target}`;
    if (removed > 0 && added === 0) return `Removed ${people(removed)} from ${target}`;
    return `Changed the members of ${target}: ${number(added)} added, ${number(removed)} removed`;
  },
  "bulk_action.started": (event) => `Began ${bulk(event, "people")}`,
  "bulk_action.finished": (event) => `Finished ${bulk(event, "changed")}${leftAlone(event, "refused")}`,
  "bulk_action.cancelled": (event) => `Stopped ${bulk(event)}; what was done stays`,
  "bulk_action.undo_started": (event) => `Began to undo ${bulk(event)}`,
  "bulk_action.undo_stopped": (event) => `Stopped undoing ${bulk(event)}; what was undone stays`,
  "bulk_action.undone": (event) => `Undid ${bulk(event, "undone")}${leftAlone(event, "kept")}`,
  "import.uploaded": "Uploaded {}",
  "import.row_corrected": ({ fields, details }, target) =>
    `Corrected row ${String(details.row)} of ${target}${fields.length > 0 ? `: ${listing(fields.map(fieldName))}` : ""}`,
  "import.choices_changed": ({ fields }, target) =>
    `Chose what the import of ${target} does: ${listing(fields.map(fieldName))}`,
  "import.leavers_chosen": ({ details }, target) =>
    `Chose ${details.everybody ? "everybody missing" : people(Number(details.people ?? 0))} from ${target} to ${details.ticked ? "be suspended" : "stay"}`,
  "import.file_read_otherwise": "Had {} read in another way",
  "import.started": (event, target) =>
    `Started the import of ${target}: ${count(amount(event, "rows"), "row")}`,
  "import.plan_changed": "Stopped the import of {}: its plan had changed",
  "import.finished": (event, target) => `Finished the import of ${target}: ${imported(event)}`,
  "import.cancelled": "Cancelled the import of {}",
  "import.given_up": "Gave up the import of {}, which nobody applied or which could not go on",
  "import.failed": "Could not read {}; nothing was imported",
  "import.undo_started": "Began to undo the import of {}",
  "import.undo_stopped": (event, target) =>
    `Stopped undoing the import of ${target}, since whoever began it may not any more: ${undone(event)}`,
  "import.undone": (event, target) => `Undid the import of ${target}: ${undone(event)}`,
  "import.mail_released": (event, target) =>
    `Released ${count(amount(event, "emails"), "email")} of the import of ${target}`,
  "import.mail_retried": (event, target) =>
    `Sent ${count(amount(event, "emails"), "email")} of the import of ${target} again`,
  "invitation.resent": "Sent {} a new invitation",
  "invitation.revoked": "Revoked the invitation of {}",
  "invitation.accepted": "Accepted their invitation",
  "invitation.renewed": ({ actor }, target) =>
    `Asked for a new invitation ${actor.kind === "user" ? "" : `for ${target} `}in place of an expired one`,
  "invitations.reminded": (event) => `Reminded ${people(amount(event, "emails"))} of their invitation`,
  "sign_in.begun": ({ details }) =>
    `${details.byLink ? "Chose a new password by the link in their email" : "Gave the right password"}, and was asked for the second factor`,
  "sign_in.succeeded": ({ details }) =>
    details.way ? `Signed in with ${wayWords[text(details.way)] ?? "a second factor"}` : "Signed in",
  "sign_in.refused": failedSignIn,
  "sign_out.done": "Signed out",
  "session.revoked": (event) => `Was signed out of ${count(amount(event, "sessions"), "session")}`,
  "password.changed": "Changed their password",
  "session.confirmed": "Confirmed who they are before a change",
  "second_factor.authenticator_set_up": "Set up an authenticator app",
  "second_factor.authenticator_removed": "Removed their authenticator app",
  "second_factor.passkey_added": ({ changes }) => `Added a passkey${quoted(changes.passkey?.after)}`,
  "second_factor.passkey_renamed": ({ changes }) => `Renamed a passkey${quoted(changes.passkey?.before)}`,
  "second_factor.passkey_removed": ({ changes }) => `Removed a passkey${quoted(changes.passkey?.before)}`,
  "second_factor.recovery_codes_made": "Had recovery codes made",
  "second_factor.recovery_code_used": (event) =>
    `Used a recovery code; ${number(amount(event, "left"))} left`,
  "second_factor.refused": ({ details }, target) =>
    `Failed to show to be ${target} with ${wayWords[text(details.way)] ?? "a second factor"}, after the right password`,
  "second_factor.reset": "Removed all second factors of {}",
  "password.set": "Set their password",
  "password.reset_requested": "Asked for a new password for {}",
  "password.reset_completed": "Set a new password by the link in their email",
  "tenant.created": "Created this tenant",
  "tenant.set_up": "Set up Muster",
  "tenant.settings_changed": ({ fields }) => `Changed the settings: ${listing(fields.map(fieldName))}`,
  "tenant.mail_server_changed": ({ fields }) =>
    `Changed the organisation's mail server: ${listing(fields.map(fieldName))}`,
  "tenant.mail_server_removed": "Removed the organisation's mail server",
  "tenant.test_email_sent": (event) => `Sent themselves a test email by ${testedServer(event)}`,
  "tenant.test_email_failed": (event) =>
    `Tried to send themselves a test email by ${testedServer(event)}, which did not take it`,
  "tenant.limits_changed": ({ fields }) =>
    `Changed the limits of this tenant: ${listing(fields.map(fieldName))}`,
  "tenant.suspended": "Suspended this tenant: nobody signs in, nothing is sent",
  "tenant.reactivated": "Reactivated this tenant",
  "tenant.deleted": "Deleted this tenant",
  "tenant.restored": "Restored this tenant",
  "tenant.exported": "Exported everything of this tenant as files",
  "tenant.logo_changed": "Changed the logo",
  "tenant.logo_removed": "Removed the logo",
  "tenant.wording_changed": ({ details }) =>
    `Changed the wording of the email “${kindName(text(details.kind))}” in ${languageNames[details.language as Language] ?? "another language"}`,
  "message.resent": "Sent an email to {} again",
  "message.withdrawn": "Took back an email to {}",
  "message.bounced": "An email to {} came back",
  "messages.retried": (event) => `Wrote again to ${people(amount(event, "emails"))} whose email had failed`,
  "user.mail_failure_cleared": "Noted that the address of {} works again",
  "users.exported": (event) =>
    `Exported ${people(amount(event, "users"))} as ${text(event.details.format) === "xlsx" ? "Excel" : "CSV"}${event.details.oneByOne ? ", chosen one by one" : ""}`,
  "tenant.import_safety_changed": "Changed the safety limits of imports",
  "audit.exported": ({ details }) => `Exported audit events as ${text(details.format).toUpperCase()}`,
  "audit.period_removed": ({ details }) =>
    `Removed the audit events of ${text(details.month)}, as old as is kept`,
  "audit.end_unsigned": () =>
    "Noticed that the end of this log was not as it had been signed: somebody was at the database",
};

const testedServer = ({ details }: AuditEvent) =>
  details.server === "installation" ? "the installation's mail server" : text(details.server);

/** A passkey that was tried by itself says of nobody who cannot be found by it. */
function failedSignIn({ target: tried, address, details }: AuditEvent, target: string): string {
  const way = details.way ? ` with ${wayWords[text(details.way)] ?? "a second factor"}` : "";
  return way && !tried && !address ? `Failed to sign in${way}` : `Failed to sign in as ${target}${way}`;
}

function leftAlone(event: AuditEvent, counted: string): string {
  const many = amount(event, counted);
  return many > 0 ? `; ${number(many)} left as they are` : "";
}

function imported(event: AuditEvent): string {
  const made = amount(event, "created") + amount(event, "invited") + amount(event, "suspended");
  const updated = amount(event, "updated");
  return updated > 0 ? `${people(made)} made, ${number(updated)} changed` : `${people(made)} made`;
}

function undone(event: AuditEvent): string {
  const [erased, restored] = [amount(event, "erased"), amount(event, "restored")];
  const parts = [
    ...(erased > 0 ? [`${people(erased)} erased`] : []),
    ...(restored > 0 ? [`${people(restored)} changed back`] : []),
  ];
  // An event of an older version knows them only together.
  const whom = listing(parts) || people(amount(event, "undone"));
  return `${whom}${leftAlone(event, "kept")}`;
}

/** What was done, in plain words: "Changed the last name of Ada Example". */
export function what(event: AuditEvent, target = whom(event)): string {
  const sentence = sentences[event.action];
  // An action this page does not know yet is still shown, as it is called.
  if (sentence === undefined)
    return `${event.action.replaceAll(/[._]/g, " ")} ${event.target ? target : ""}`.trim();
  return typeof sentence === "string" ? sentence.replace("{}", () => target) : sentence(event, target);
}

/** Whom or what it was done to: as it is called now or, where it is gone, as it was. */
export function whom({ target, address, changes }: AuditEvent): string {
  if (target?.kind === "bulk_action") return `Bulk action: ${verbs[target.name as BulkActionName] ?? "gone"}`;
  if (target?.name) return target.name;
  if (address) return address;
  const before = text(changes.name?.before) || text(changes.name?.after);
  if (before) return before;
  if (target?.kind === "user") return "somebody who was erased";
  return target
    ? `${/^[aeiou]/.test(target.kind) ? "an" : "a"} ${target.kind} that is gone`
    : "an unknown address";
}
