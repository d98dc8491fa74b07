import type { User } from "#server/features/users/contract.ts";
import { hasFailed } from "../messages/has-failed.ts";

type Invitation = NonNullable<User["invitation"]>;

const over: Record<Exclude<Invitation, "pending">, string> = {
  expired: "the link has expired",
  accepted: "accepted",
  revoked: "revoked",
};

/** Where somebody's invitation stands: nobody accepts one that did not get to them. `mail`: the latest email to them. */
export function invitationInWords(
  invitation: Invitation,
  mail: Pick<NonNullable<User["mail"]>, "state"> | null,
) {
  if (invitation !== "pending") return over[invitation];
  if (mail?.state === "accepted") return "sent, not accepted yet";
  if (mail?.state === "kept") return "not sent: there was no mail server";
  return mail && hasFailed(mail.state) ? "the email did not arrive" : "not accepted yet";
}
