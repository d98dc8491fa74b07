import type { Job } from "./context.ts";
import { auditJobs } from "./features/audit/jobs.ts";
import { auditRoutes } from "./features/audit/routes.ts";
import { bounceRoutes } from "./features/bounces/routes.ts";
import { heldBulkActions } from "./features/bulk-actions/held-bulk-actions.ts";
import { bulkActionJobs } from "./features/bulk-actions/jobs.ts";
import { bulkActionRoutes } from "./features/bulk-actions/routes.ts";
import { hashJobs } from "./features/credentials/hash-waiting-passwords.ts";
import { groupRoutes } from "./features/groups/routes.ts";
import { homeRoutes } from "./features/home/routes.ts";
import { heldLeavers, heldRows } from "./features/imports/held/held-rows.ts";
import { importJobs } from "./features/imports/jobs.ts";
import { importMessages } from "./features/imports/mail.ts";
import { importRoutes } from "./features/imports/routes.ts";
import { invitationJobs } from "./features/invitations/jobs.ts";
import { invitationMessages } from "./features/invitations/mail.ts";
import { invitationRoutes } from "./features/invitations/routes.ts";
import { registerAddressKeeper } from "./features/mail/failed-addresses.ts";
import { mailJobs } from "./features/mail/jobs.ts";
import type { MessageKind } from "./features/mail/kinds.ts";
import { serverChanged } from "./features/mail/own-server/server-changed-kind.ts";
import { mailRoutes } from "./features/mail/routes.ts";
import { messageRoutes } from "./features/messages/routes.ts";
import { heldSecondFactors } from "./features/second-factors/held-second-factors.ts";
import { secondFactorMessages } from "./features/second-factors/mail.ts";
import { heldBrowsers } from "./features/sign-in/held-browsers.ts";
import { heldSessions } from "./features/sign-in/held-sessions.ts";
import { housekeepingJob } from "./features/sign-in/housekeeping.ts";
import { signInMessages } from "./features/sign-in/mail.ts";
import { ownFactorRoutes } from "./features/sign-in/own-factors/routes.ts";
import { signInRoutes } from "./features/sign-in/routes.ts";
import { tidyBegunJob } from "./features/sign-in/tidy-begun.ts";
import { eraseTenantsJob } from "./features/tenants/erase-tenant.ts";
import { tenantRoutes } from "./features/tenants/routes.ts";
import { addressKeeper } from "./features/users/address-keeper.ts";
import { deletionJobs } from "./features/users/deletion/jobs.ts";
import type { HeldData } from "./features/users/held-data/held-data.ts";
import { userJobs } from "./features/users/index-users.ts";
import { userMessages } from "./features/users/mail.ts";
import { userRoutes } from "./features/users/routes.ts";
import type { Route } from "./route.ts";

/** What Muster does: every route, every kind of email, every background job, and all that is held of people. */
export const routes: readonly Route[] = [
  ...tenantRoutes,
  ...signInRoutes,
  ...ownFactorRoutes,
  ...groupRoutes,
  ...userRoutes,
  ...invitationRoutes,
  ...mailRoutes,
  ...messageRoutes,
  ...bounceRoutes,
  ...importRoutes,
  ...bulkActionRoutes,
  ...homeRoutes,
  ...auditRoutes,
];

registerAddressKeeper(addressKeeper);

export const messageKinds: readonly MessageKind[] = [
  ...userMessages,
  ...signInMessages,
  ...secondFactorMessages,
  ...invitationMessages,
  ...importMessages,
  serverChanged,
];

export const heldData: readonly HeldData[] = [
  heldSessions,
  heldBrowsers,
  heldSecondFactors,
  heldRows,
  heldLeavers,
  heldBulkActions,
];

export const jobs: readonly Job[] = [
  ...auditJobs,
  ...hashJobs,
  ...mailJobs(messageKinds),
  ...userJobs,
  ...deletionJobs(heldData),
  ...invitationJobs,
  housekeepingJob,
  tidyBegunJob,
  eraseTenantsJob,
  ...importJobs,
  ...bulkActionJobs,
];
