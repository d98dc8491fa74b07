import type { BulkActionName } from "./contract.ts";

export const verbs: Record<BulkActionName, string> = {
  add_to_groups: "Add to groups",
  remove_from_groups: "Remove from groups",
  suspend: "Suspend",
  reactivate: "Reactivate",
  resend_invitation: "Resend invitation",
  revoke_invitation: "Revoke invitation",
  send_password_link: "Send password link",
  clear_mail_failure: "Mark addresses as working",
  delete: "Delete",
};

/** What an action is, with `{}` for those whom it is about. */
const processes: Record<BulkActionName, string> = {
  add_to_groups: "adding {} to groups",
  remove_from_groups: "removing {} from groups",
  suspend: "suspending {}",
  reactivate: "reactivating {}",
  resend_invitation: "inviting {} again",
  revoke_invitation: "revoking the invitations of {}",
  send_password_link: "sending {} a link to set a password",
  clear_mail_failure: "marking the addresses of {} as working",
  delete: "deleting {}",
};

/** "suspending 214 people", of what the audit log knows of an action. */
export const processOf = (action: string, whom: string): string =>
  (processes[action as BulkActionName] ?? "doing something with {}").replace("{}", whom);
