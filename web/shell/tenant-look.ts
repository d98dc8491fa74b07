import { useEffect, useSyncExternalStore } from "react";
import type { Portal } from "#server/features/tenants/contract.ts";

/** Whose portal is on the screen, as far as it shows: accent and logo. */
export type TenantLook = Pick<Portal, "slug" | "accent" | "logo">;

let shown: TenantLook | null = null;
const listeners = new Set<() => void>();

function show(look: TenantLook | null) {
  shown = look;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Of the tenant on the screen; null on pages that belong to none. */
export const useTenantLook = () => useSyncExternalStore(subscribe, () => shown);

/** For as long as the page that calls it is on the screen. */
export function useShowLook(look: TenantLook | undefined) {
  const { slug, accent, logo } = look ?? {};
  useEffect(() => {
    if (slug === undefined || accent === undefined || logo === undefined) return;
    show({ slug, accent, logo });
    return () => show(null);
  }, [slug, accent, logo]);
}
