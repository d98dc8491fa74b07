import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { bulkActionNames, bulkActionState } from "#server/features/bulk-actions/contract.ts";
import { messageState } from "#server/features/mail/contract.ts";
import { getStart } from "#server/features/sign-in/contract.ts";
import { languages } from "#server/features/tenants/tenant-settings.ts";
import { ApiProblem, call } from "../api.ts";
import { auditSearch } from "../audit/audit-state.ts";
import { portalQuery } from "../sign-in/use-portal.ts";
import { deletedState } from "../users/deleted-state.ts";
import { usersState } from "../users/users-state.ts";
import { looks } from "../wordings/wording-parts.ts";
import { chosen, day, identity, optional, text, yes } from "./address-state.ts";
import { NotFoundPage, PageFailed } from "./error-page.tsx";
import { Frame } from "./frame.tsx";
import { onSessionProblem, queryClient } from "./query-client.ts";
import { home, meQuery, whoIsHere } from "./session.ts";

const root = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: PageFailed });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    const begun = await call(getStart, {}).catch(() => null);
    if (begun?.tenant) throw redirect({ to: "/t/$tenant", params: { tenant: begun.tenant }, replace: true });
    return { setUp: begun?.setUp ?? true };
  },
  component: lazyRouteComponent(() => import("../sign-in/start-page.tsx"), "StartPage"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("../set-up/set-up-page.tsx"), "SetUpPage"),
});

const messageSearch = (search: Record<string, unknown>) =>
  optional({
    message: identity(search.message),
    search: text(search.search),
    cursor: text(search.cursor),
  });

const installationMailbox = createRoute({
  getParentRoute: () => root,
  path: "/mailbox",
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import("../mailbox/mailbox-page.tsx"), "InstallationMailboxPage"),
});

const tenant = createRoute({ getParentRoute: () => root, path: "/t/$tenant" });

const index = createRoute({
  getParentRoute: () => tenant,
  path: "/",
  beforeLoad: async ({ params }) => {
    const me = await queryClient.ensureQueryData(meQuery(params.tenant)).catch(() => null);
    throw redirect({ to: me ? home(me) : "/t/$tenant/sign-in", params, replace: true });
  },
});

const signIn = createRoute({
  getParentRoute: () => tenant,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>) =>
    optional({ to: text(search.to), other: yes(search.other) }),
  beforeLoad: async ({ params }) => {
    // Whether a passkey is a way in is known before the page is shown: nothing on it jumps.
    const portal = queryClient.prefetchQuery({ ...portalQuery(params.tenant), retry: false });
    const [here] = await Promise.all([whoIsHere(params.tenant), portal]);
    return { here };
  },
  component: lazyRouteComponent(() => import("../sign-in/sign-in-page.tsx"), "SignInPage"),
});

const forgot = createRoute({
  getParentRoute: () => tenant,
  path: "/forgot",
  component: lazyRouteComponent(() => import("../sign-in/forgot-page.tsx"), "ForgotPage"),
});

const link = createRoute({
  getParentRoute: () => tenant,
  path: "/link",
  beforeLoad: async ({ params }) => ({ here: await whoIsHere(params.tenant) }),
  component: lazyRouteComponent(() => import("../sign-in/link-page.tsx"), "LinkPage"),
});

/** Lets only the signed in through; everybody else signs in first and comes back. */
async function signedIn(slug: string, href: string) {
  try {
    return await queryClient.ensureQueryData(meQuery(slug));
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem;
    throw redirect({
      to: "/t/$tenant/sign-in",
      params: { tenant: slug },
      search: { to: href },
      replace: true,
    });
  }
}

const changePassword = createRoute({
  getParentRoute: () => tenant,
  path: "/change-password",
  beforeLoad: ({ params, location }) => signedIn(params.tenant, location.href).then(() => undefined),
  component: lazyRouteComponent(() => import("../sign-in/change-password-page.tsx"), "ChangePasswordPage"),
});

const secondFactor = createRoute({
  getParentRoute: () => tenant,
  path: "/second-factor",
  validateSearch: (search: Record<string, unknown>) => optional({ to: text(search.to) }),
  component: lazyRouteComponent(() => import("../sign-in/second-step-page.tsx"), "SecondStepPage"),
});

const setUpSecondFactor = createRoute({
  getParentRoute: () => tenant,
  path: "/set-up-second-factor",
  validateSearch: (search: Record<string, unknown>) =>
    optional({ kind: chosen(search.kind, ["authenticator", "passkey"] as const), to: text(search.to) }),
  beforeLoad: ({ params, location }) => signedIn(params.tenant, location.href).then(() => undefined),
  component: lazyRouteComponent(() => import("../second-factors/set-up-page.tsx"), "SetUpPage"),
});

const frame = createRoute({
  getParentRoute: () => tenant,
  id: "frame",
  beforeLoad: async ({ params, location }) => {
    const me = await signedIn(params.tenant, location.href);
    if (me.mustChangePassword) throw redirect({ to: "/t/$tenant/change-password", params, replace: true });
    const search = { to: location.href };
    if (me.mustSetUpSecondFactor)
      throw redirect({ to: "/t/$tenant/set-up-second-factor", params, search, replace: true });
  },
  component: Frame,
  errorComponent: PageFailed,
});

const homeScreen = createRoute({
  getParentRoute: () => frame,
  path: "/home",
  validateSearch: (search: Record<string, unknown>) =>
    optional({ period: chosen(search.period, ["month", "year"] as const), table: yes(search.table) }),
  component: lazyRouteComponent(() => import("../home/home-page.tsx"), "HomePage"),
});

const usersSearch = (search: Record<string, unknown>) =>
  optional({ ...usersState(search), add: yes(search.add), edit: identity(search.edit) });

const users = createRoute({
  getParentRoute: () => frame,
  path: "/users",
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import("../users/users-page.tsx"), "UsersPage"),
});

const deletedUsers = createRoute({
  getParentRoute: () => frame,
  path: "/users/deleted",
  validateSearch: deletedState,
  component: lazyRouteComponent(() => import("../users/deleted-page.tsx"), "DeletedPage"),
});

const user = createRoute({
  getParentRoute: () => frame,
  path: "/users/$userId",
  validateSearch: (search: Record<string, unknown>) => optional({ edit: identity(search.edit) }),
  component: lazyRouteComponent(() => import("../users/user-page.tsx"), "UserPage"),
});

const groups = createRoute({
  getParentRoute: () => frame,
  path: "/groups",
  validateSearch: (search: Record<string, unknown>) =>
    optional({
      search: text(search.search),
      cursor: text(search.cursor),
      add: yes(search.add),
      edit: identity(search.edit),
    }),
  component: lazyRouteComponent(() => import("../groups/groups-page.tsx"), "GroupsPage"),
});

const group = createRoute({
  getParentRoute: () => frame,
  path: "/groups/$groupId",
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import("../groups/group-page.tsx"), "GroupPage"),
});

const bulkActions = createRoute({
  getParentRoute: () => frame,
  path: "/bulk-actions",
  validateSearch: (search: Record<string, unknown>) =>
    optional({
      action: chosen(search.action, bulkActionNames),
      state: chosen(search.state, bulkActionState.options),
      by: identity(search.by),
      cursor: text(search.cursor),
    }),
  component: lazyRouteComponent(() => import("../bulk-actions/bulk-actions-page.tsx"), "BulkActionsPage"),
});

const bulkAction = createRoute({
  getParentRoute: () => frame,
  path: "/bulk-actions/$bulkActionId",
  validateSearch: (search: Record<string, unknown>) =>
    optional({
      outcome: chosen(search.outcome, ["changed", "unchanged", "refused", "undone", "kept"] as const),
    }),
  component: lazyRouteComponent(() => import("../bulk-actions/bulk-action-page.tsx"), "BulkActionPage"),
});

const imports = createRoute({
  getParentRoute: () => frame,
  path: "/imports",
  validateSearch: (search: Record<string, unknown>) =>
    optional({ cursor: text(search.cursor), tried: yes(search.tried) }),
  component: lazyRouteComponent(() => import("../imports/imports-page.tsx"), "ImportsPage"),
});

const newImport = createRoute({
  getParentRoute: () => frame,
  path: "/import",
  component: lazyRouteComponent(() => import("../imports/import-page.tsx"), "NewImportPage"),
});

const oneImport = createRoute({
  getParentRoute: () => frame,
  path: "/imports/$importId",
  validateSearch: (search: Record<string, unknown>) => optional({ rows: text(search.rows) }),
  component: lazyRouteComponent(() => import("../imports/import-page.tsx"), "OneImportPage"),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("../audit/audit-page.tsx"), "AuditPage"),
});

const messages = createRoute({
  getParentRoute: () => frame,
  path: "/messages",
  validateSearch: (search: Record<string, unknown>) =>
    optional({
      search: text(search.search),
      state: chosen(search.state, messageState.options),
      kind: text(search.kind),
      import: identity(search.import),
      from: day(search.from),
      to: day(search.to),
      cursor: text(search.cursor),
      message: identity(search.message),
    }),
  component: lazyRouteComponent(() => import("../messages/messages-page.tsx"), "MessagesPage"),
});

const mailbox = createRoute({
  getParentRoute: () => frame,
  path: "/mailbox",
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import("../mailbox/mailbox-page.tsx"), "TenantMailboxPage"),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/settings-page.tsx"), "SettingsPage"),
});

const wording = createRoute({
  getParentRoute: () => frame,
  path: "/settings/emails/$kind",
  validateSearch: (search: Record<string, unknown>) =>
    optional({ language: chosen(search.language, languages), look: chosen(search.look, looks) }),
  component: lazyRouteComponent(() => import("../wordings/wording-page.tsx"), "WordingPage"),
});

const own = createRoute({
  getParentRoute: () => frame,
  path: "/me",
  component: lazyRouteComponent(() => import("../sign-in/me-page.tsx"), "MePage"),
});

const screens = frame.addChildren([
  homeScreen,
  users,
  deletedUsers,
  user,
  groups,
  group,
  bulkActions,
  bulkAction,
  imports,
  newImport,
  oneImport,
  messages,
  audit,
  mailbox,
  settings,
  wording,
  own,
]);
const tenantRoutes = tenant.addChildren([
  index,
  signIn,
  secondFactor,
  forgot,
  link,
  changePassword,
  setUpSecondFactor,
  screens,
]);

export const router = createRouter({
  routeTree: root.addChildren([start, setUp, installationMailbox, tenantRoutes]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotFoundPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

onSessionProblem((problem) => {
  const { pathname, href } = router.state.location;
  const slug = /^\/t\/([^/]+)\//.exec(pathname)?.[1];
  if (!slug || /\/(sign-in|second-factor|change-password|set-up-second-factor|link|forgot)$/.test(pathname))
    return;
  queryClient.removeQueries({ queryKey: ["me", slug] });
  const params = { tenant: slug };
  if (problem.status === 401)
    void router.navigate({ to: "/t/$tenant/sign-in", params, search: { to: href } });
  else if (problem.code === "second_factor.must_set_up")
    void router.navigate({ to: "/t/$tenant/set-up-second-factor", params, search: { to: href } });
  else void router.navigate({ to: "/t/$tenant/change-password", params });
});
