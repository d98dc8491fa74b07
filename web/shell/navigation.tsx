import {
  IconCircles,
  IconFileImport,
  IconHistory,
  IconHome,
  IconMail,
  IconMailbox,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { Me } from "#server/features/sign-in/contract.ts";
import { Logo } from "../ui/logo.tsx";
import classes from "./navigation.module.css";
import { PersonMenu } from "./person-menu.tsx";
import { useTenant } from "./queries.ts";
import { may } from "./session.ts";

type Place = {
  to: `/t/$tenant/${"home" | "users" | "groups" | "imports" | "messages" | "audit" | "mailbox" | "settings"}`;
  label: string;
  icon: ComponentType<{ size: number; stroke: number }>;
  shown: (me: Me) => boolean;
};

const places: readonly Place[] = [
  { to: "/t/$tenant/home", label: "Home", icon: IconHome, shown: (me) => may(me, "users.read") },
  { to: "/t/$tenant/users", label: "Users", icon: IconUsers, shown: (me) => may(me, "users.read") },
  { to: "/t/$tenant/groups", label: "Groups", icon: IconCircles, shown: (me) => may(me, "groups.read") },
  {
    to: "/t/$tenant/imports",
    label: "Imports",
    icon: IconFileImport,
    shown: (me) => may(me, "imports.read"),
  },
  {
    to: "/t/$tenant/messages",
    label: "Messages",
    icon: IconMail,
    shown: (me) => may(me, "messages.read"),
  },
  { to: "/t/$tenant/audit", label: "Audit", icon: IconHistory, shown: (me) => may(me, "audit.read") },
  { to: "/t/$tenant/mailbox", label: "Mailbox", icon: IconMailbox, shown: (me) => me.mailbox },
  {
    to: "/t/$tenant/settings",
    label: "Settings",
    icon: IconSettings,
    shown: (me) => may(me, "settings.read"),
  },
];

/** Pages that are not below that of a place, but belong to it. */
function nearbyPlace(pathname: string): Place["label"] | undefined {
  if (pathname.endsWith("/import")) return "Imports";
  return /\/bulk-actions(\/|$)/.test(pathname) ? "Users" : undefined;
}

/** Left, as icons below 1100 px, along the bottom on a phone. Shows only what this person may use. */
export function Navigation({ me }: { me: Me }) {
  const params = { tenant: useTenant() };
  const nearby = useLocation({ select: ({ pathname }) => nearbyPlace(pathname) });
  return (
    <nav className={classes.nav} aria-label="Main">
      <div className={classes.tenant} title={me.tenant.name}>
        <Logo />
        <span className={classes.label}>{me.tenant.name}</span>
      </div>
      <ul className={classes.places}>
        {places
          .filter((place) => place.shown(me))
          .map(({ to, label, icon: Icon }) => (
            <li key={label}>
              <Link
                to={to}
                params={params}
                className={classes.place}
                title={label}
                data-here={nearby === label || undefined}
              >
                <Icon size={20} stroke={1.6} />
                <span className={classes.label}>{label}</span>
              </Link>
            </li>
          ))}
      </ul>
      <PersonMenu me={me} />
    </nav>
  );
}
