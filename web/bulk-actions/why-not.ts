import type { BulkActionName } from "#server/features/bulk-actions/contract.ts";
import type { User } from "#server/features/users/contract.ts";

type Person = Pick<User, "status" | "invitation" | "mailFailure" | "groups">;

const rules: Partial<Record<BulkActionName, { applies: (person: Person) => boolean; otherwise: string }>> = {
  remove_from_groups: {
    applies: ({ groups }) => groups.length > 0,
    otherwise: "Nobody ticked is in a group.",
  },
  suspend: { applies: ({ status }) => status !== "suspended", otherwise: "Everybody ticked is suspended." },
  reactivate: { applies: ({ status }) => status === "suspended", otherwise: "Nobody ticked is suspended." },
  resend_invitation: {
    applies: ({ status }) => status === "invited",
    otherwise: "Nobody ticked is invited.",
  },
  revoke_invitation: {
    applies: ({ status, invitation }) => status === "invited" && invitation !== "revoked",
    otherwise: "Nobody ticked has an open invitation.",
  },
  send_password_link: { applies: ({ status }) => status === "active", otherwise: "Nobody ticked is active." },
  clear_mail_failure: {
    applies: ({ mailFailure }) => mailFailure !== null,
    otherwise: "No email to anybody ticked came back for good.",
  },
};

/** Why an action would change nothing about any of these people; undefined where it would, as far as can be seen from here. */
export function whyNot(action: BulkActionName, people: readonly Person[]): string | undefined {
  const rule = rules[action];
  return !rule || people.some(rule.applies) ? undefined : rule.otherwise;
}
