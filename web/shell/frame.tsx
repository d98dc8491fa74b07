import { VisuallyHidden } from "@mantine/core";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { BulkBanner } from "../bulk-actions/bulk-banner.tsx";
import classes from "./frame.module.css";
import { Navigation } from "./navigation.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { OtherPerson } from "./other-person.tsx";
import { useTenant } from "./queries.ts";
import { may, useMe, useMeAgain } from "./session.ts";
import { useShortcuts } from "./shortcuts.ts";
import { useShowLook } from "./tenant-look.ts";

const focusSearch = () => document.querySelector<HTMLInputElement>("[data-search]")?.focus();

/** What stands around every screen of somebody who is signed in. */
export function Frame() {
  const me = useMe();
  const [opened] = useState(me);
  useMeAgain();
  useShowLook(me.tenant);
  const navigate = useNavigate();
  const params = { tenant: useTenant() };
  useShortcuts({
    "/": focusSearch,
    ...(may(me, "users.create")
      ? { n: () => void navigate({ to: "/t/$tenant/users", params, search: { add: true } }) }
      : {}),
    ...(may(me, "imports.run") ? { i: () => void navigate({ to: "/t/$tenant/import", params }) } : {}),
    ...(may(me, "users.read") ? { "g h": () => void navigate({ to: "/t/$tenant/home", params }) } : {}),
    ...(may(me, "users.read") ? { "g u": () => void navigate({ to: "/t/$tenant/users", params }) } : {}),
    ...(may(me, "audit.read") ? { "g a": () => void navigate({ to: "/t/$tenant/audit", params }) } : {}),
    ...(may(me, "settings.read")
      ? { "g s": () => void navigate({ to: "/t/$tenant/settings", params }) }
      : {}),
    ...(may(me, "groups.read") ? { "g g": () => void navigate({ to: "/t/$tenant/groups", params }) } : {}),
  });
  return (
    <div className={classes.frame}>
      <VisuallyHidden>
        <a href="#content">Skip to the content</a>
      </VisuallyHidden>
      <Navigation me={me} />
      <main id="content" className={classes.content} tabIndex={-1}>
        <OfflineBanner />
        {may(me, "users.update") && <BulkBanner />}
        {opened.id === me.id ? <Outlet /> : <OtherPerson before={opened} me={me} />}
      </main>
    </div>
  );
}
