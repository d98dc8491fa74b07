import { serve, serveSlowly } from "#server/route.ts";
import { resendCredentials } from "../users/resend-credentials.ts";
import * as contract from "./contract.ts";
import { renewInvitation } from "./renew-invitation.ts";
import { resendInvitation, revokeInvitation } from "./resend-invitation.ts";

export const invitationRoutes = [
  serve(contract.resendInvitation, {
    permission: "invitations.manage",
    handle: (ctx, { params }) => resendInvitation(ctx, params.userId),
  }),
  serve(contract.revokeInvitation, {
    permission: "invitations.manage",
    handle: (ctx, { params }) => revokeInvitation(ctx, params.userId),
  }),
  serve(contract.resendCredentials, {
    permission: "invitations.manage",
    handle: (ctx, { params }) => resendCredentials(ctx, params.userId),
  }),
  serveSlowly(contract.renewInvitation, {
    permission: "anyone",
    handle: (door, { body }, http) => renewInvitation(door, body.token, http),
  }),
];
