import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { mailKept } from "../mail/shapes.ts";
import { tenantParams } from "../tenants/contract.ts";
import { userParams, userSchema } from "../users/contract.ts";

export const resendInvitation = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/invitation/resend",
  summary: "Send an invited user a new link; the old one dies",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "invitation.not_pending", "user.not_yours_to_change"],
});

export const revokeInvitation = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/invitation/revoke",
  summary: "Make an invited user's link useless and withdraw the email if it has not gone",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "invitation.not_pending", "user.not_yours_to_change"],
});

export const resendCredentials = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/credentials/resend",
  summary: "Send a created user their email again; when the password is gone, a link to set one",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "user.suspended", "user.not_yours_to_change"],
});

export const renewInvitation = endpoint({
  method: "POST",
  path: "/t/:tenant/links/renew",
  summary: "Ask for a new invitation in place of an expired one; the answer never says whether one was sent",
  params: tenantParams,
  body: z.object({ token: z.string().min(1).max(300) }),
  status: 202,
  output: z.object({ mailKept }),
  errors: ["throttled"],
});
