import type { UserSort } from "#server/features/users/contract.ts";
import { type Role, roles } from "#server/permissions.ts";
import { chosen, day, identity, optional, text, yes } from "../shell/address-state.ts";
import { dayBegins } from "../ui/day-begins.ts";

/** What the address says of a list of users: who is in it, in which order, and what is told of them. */
export type UsersState = {
  search?: string | undefined;
  status?: "active" | "invited" | "suspended" | undefined;
  group?: string | undefined;
  role?: Role | undefined;
  never?: true | undefined;
  factor?: "set_up" | "none" | undefined;
  expired?: true | undefined;
  failed?: true | undefined;
  import?: string | undefined;
  /** The first and the last day on which they were added. */
  from?: string | undefined;
  until?: string | undefined;
  sort?: UserSort | undefined;
  columns?: string | undefined;
  cursor?: string | undefined;
};

const sorts = [
  "name",
  "-name",
  "email",
  "-email",
  "created",
  "-created",
  "lastSignIn",
  "-lastSignIn",
] as const;
export const usersState = (search: Record<string, unknown>) =>
  optional({
    search: text(search.search),
    status: chosen(search.status, ["active", "invited", "suspended"] as const),
    group: identity(search.group),
    role: chosen(search.role, roles),
    never: yes(search.never),
    factor: chosen(search.factor, ["set_up", "none"] as const),
    expired: yes(search.expired),
    failed: yes(search.failed),
    import: identity(search.import),
    from: day(search.from),
    until: day(search.until),
    sort: chosen(search.sort, sorts),
    columns: text(search.columns),
    cursor: text(search.cursor),
  });

/** What narrows the list beside the search and the status; a group's own page is not narrowed by the group. */
export const noFilters = {
  role: undefined,
  never: undefined,
  factor: undefined,
  expired: undefined,
  failed: undefined,
  import: undefined,
  from: undefined,
  until: undefined,
} satisfies UsersState;

export const isNarrowed = (state: UsersState) =>
  Object.keys(noFilters).some((part) => state[part as keyof typeof noFilters] !== undefined);

const flag = (value: true | undefined) => (value ? ("true" as const) : undefined);

/** The same, as the server is asked. Days are those of the organisation: an address lists the same people wherever it is opened. */
export const filterOf = (state: UsersState, timeZone: string) =>
  given({
    search: state.search,
    groupId: state.group,
    role: state.role,
    neverSignedIn: flag(state.never),
    secondFactor: state.factor,
    invitationExpired: flag(state.expired),
    mailFailed: flag(state.failed),
    importId: state.import,
    createdFrom: state.from && dayBegins(state.from, timeZone),
    createdBefore: state.until && dayBegins(state.until, timeZone, 1),
  });

export const given = <T extends object>(parts: T) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
