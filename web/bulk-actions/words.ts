import type { BulkAction, BulkActionName, BulkPerson } from "#server/features/bulk-actions/contract.ts";
import { count, listing, number, people } from "../ui/words.ts";

/** "Suspend 214 people", for a button. */
export function willDo(action: BulkActionName, many: number, groups: readonly string[]): string {
  const who = people(many);
  const where = groups.length === 1 ? groups[0] : `${number(groups.length)} groups`;
  return {
    add_to_groups: `Add ${who} to ${where}`,
    remove_from_groups: `Remove ${who} from ${where}`,
    suspend: `Suspend ${who}`,
    reactivate: `Reactivate ${who}`,
    resend_invitation: `Send ${many === 1 ? "1 invitation" : `${number(many)} invitations`}`,
    revoke_invitation: `Revoke ${many === 1 ? "1 invitation" : `${number(many)} invitations`}`,
    send_password_link: `Send ${many === 1 ? "1 link" : `${number(many)} links`}`,
    clear_mail_failure: `Mark ${many === 1 ? "1 address" : `${number(many)} addresses`} as working`,
    delete: `Delete ${who}`,
  }[action];
}

/** What it means for those to whom it happens. */
export const consequenceOf = (
  action: BulkActionName,
  { deletedDays, emails }: { deletedDays: number; emails: number },
): string => {
  if (action === "reactivate") return `They can sign in again.${firstEmails(emails)} You can undo it.`;
  return action === "delete"
    ? `They are signed out and leave every list and all groups, and their addresses are free at once. For ${count(deletedDays, "day")} you can undo it; then everything about them is erased.`
    : consequences[action];
};

/** Whoever never got a first email, or has no password any more, gets one now. */
const firstEmails = (emails: number) =>
  emails === 0
    ? ""
    : ` ${people(emails)} who never got a first email ${emails === 1 ? "gets" : "get"} it now.`;

const consequences: Record<Exclude<BulkActionName, "delete" | "reactivate">, string> = {
  add_to_groups: "Nobody leaves another group. You can undo it, for whoever is still in it then.",
  remove_from_groups: "Nobody is suspended or deleted. You can undo it, for whoever is still out of it then.",
  suspend: "They are signed out everywhere and cannot sign in until they are reactivated. You can undo it.",
  resend_invitation: "Everybody gets an email with a new link; the old one stops working.",
  revoke_invitation:
    "The links in their emails stop working, and emails that wait are not sent. They stay invited: send them a new one at any time.",
  send_password_link:
    "Everybody gets an email with a link to set a new password. The old password works until then.",
  clear_mail_failure:
    "Email had come back from them; from now on it goes there again. Nothing is sent by this itself.",
};

/** How far it is; then of whom it changed nothing, and whom undoing left as they are. */
export function detailsOf(bulk: BulkAction) {
  const { changed, unchanged, refused, people: all, undone, kept } = bulk;
  if (bulk.state === "running") return `${number(changed + unchanged + refused)} of ${number(all)}`;
  if (bulk.state === "undoing") return `${number(undone + kept)} of ${number(changed)}`;
  if (bulk.state === "undone") return kept > 0 ? `${people(kept)} left as they are now` : "";
  return [unchanged > 0 && `${people(unchanged)} unchanged`, refused > 0 && `${people(refused)} left alone`]
    .filter(Boolean)
    .join(", ");
}

export const atWork = ({ state }: BulkAction) => state === "running" || state === "undoing";

const groupNames = ({ groups }: BulkAction) => listing(groups.map(({ name }) => name ?? "a deleted group"));

/** "214 people taken out of Staff again", or "2 of 214 people" where the others were changed since. */
function whatCameBack(bulk: BulkAction): string {
  const { changed, undone } = bulk;
  const who = undone < changed ? `${number(undone)} of ${people(changed)}` : people(undone);
  const back: Partial<Record<BulkActionName, string>> = {
    add_to_groups: `taken out of ${groupNames(bulk)} again`,
    remove_from_groups: `put back into ${groupNames(bulk)}`,
    suspend: "let in again",
    reactivate: "suspended again",
    delete: "restored",
  };
  return `${who} ${back[bulk.action] ?? "as before"}`;
}

/** "Suspending 214 people", "214 people suspended". */
export function whatHappens(bulk: BulkAction): string {
  const who = people(bulk.people);
  const done = people(bulk.changed);
  const groups = groupNames(bulk);
  const [doing, did] = {
    add_to_groups: [`Adding ${who} to ${groups}`, `${done} added to ${groups}`],
    remove_from_groups: [`Removing ${who} from ${groups}`, `${done} removed from ${groups}`],
    suspend: [`Suspending ${who}`, `${done} suspended`],
    reactivate: [`Reactivating ${who}`, `${done} reactivated`],
    resend_invitation: [`Inviting ${who} again`, `${done} invited again`],
    revoke_invitation: [`Revoking the invitations of ${who}`, `Invitations of ${done} revoked`],
    send_password_link: [`Sending links to ${who}`, `Links sent to ${done}`],
    clear_mail_failure: [
      `Marking the addresses of ${who} as working`,
      `Addresses of ${done} marked as working`,
    ],
    delete: [`Deleting ${who}`, `${done} deleted`],
  }[bulk.action] as [string, string];
  if (bulk.state === "running") return doing;
  if (bulk.state === "undoing") return `Undoing: ${did}`;
  if (bulk.state === "undone") return `Undone: ${whatCameBack(bulk)}`;
  return bulk.state === "cancelled" ? `Stopped: ${did}` : did;
}

export const reasons: Record<NonNullable<BulkPerson["reason"]>, string> = {
  yourself: "This is you. Ask another administrator.",
  above: "They may do more than you may.",
  not_invited: "No invitation is open: they accepted it, or are suspended.",
  not_active: "They are not active.",
  mail_failed: "Email to them came back. Correct the address first.",
  changed_since: "They have been changed since.",
  restored: "They are back already.",
  deleted_again: "They were restored and deleted again since.",
  address_taken: "Their address is somebody else's by now. Change that one first, then restore them.",
  full: "Your organisation has as many users as it may have.",
  gone: "They are not a user any more.",
};
