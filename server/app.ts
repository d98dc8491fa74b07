import type { Job } from "./context.ts";
import { auditJobs } from "./features/audit/jobs.ts";
import { auditRoutes } from "./features/audit/routes.ts";
import { hashJobs } from "./features/credentials/hash-waiting-passwords.ts";
import { groupRoutes } from "./features/groups/routes.ts";
import { homeRoutes } from "./features/home/routes.ts";
import { importJobs } from "./features/imports/jobs.ts";
import { importRoutes } from "./features/imports/routes.ts";
import { invitationRoutes } from "./features/invitations/routes.ts";
import { mailJobs } from "./features/mail/jobs.ts";
import type { MessageKind } from "./features/mail/kinds.ts";
import { mailRoutes } from "./features/mail/routes.ts";
import { messageRoutes } from "./features/messages/routes.ts";
import { housekeepingJob } from "./features/sign-in/housekeeping.ts";
import { signInMessages } from "./features/sign-in/mail.ts";
import { signInRoutes } from "./features/sign-in/routes.ts";
import { eraseTenantsJob } from "./features/tenants/erase-tenant.ts";
import { tenantRoutes } from "./features/tenants/routes.ts";
import { userJobs } from "./features/users/index-users.ts";
import { userMessages } from "./features/users/mail.ts";
import { userRoutes } from "./features/users/routes.ts";
import type { Route } from "./route.ts";

/** What Muster does: every route, every kind of email, every background job. */
export const routes: readonly Route[] = [
  ...tenantRoutes,
  ...signInRoutes,
  ...groupRoutes,
  ...userRoutes,
  ...invitationRoutes,
  ...mailRoutes,
  ...messageRoutes,
  ...importRoutes,
  ...homeRoutes,
  ...auditRoutes,
];

export const messageKinds: readonly MessageKind[] = [...userMessages, ...signInMessages];

export const jobs: readonly Job[] = [
  ...auditJobs,
  ...hashJobs,
  ...mailJobs(messageKinds),
  ...userJobs,
  housekeepingJob,
  eraseTenantsJob,
  ...importJobs,
];
