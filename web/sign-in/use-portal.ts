import { useQuery } from "@tanstack/react-query";
import { getPortal } from "#server/features/tenants/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useShowLook } from "../shell/tenant-look.ts";

export const portalQuery = (tenant: string) => ({
  ...read(getPortal, { params: { tenant } }),
  staleTime: 300_000,
  meta: { anonymous: true },
});

/** What is shown of the tenant to somebody who is not signed in. */
export function usePortal() {
  const portal = useQuery(portalQuery(useTenant()));
  useShowLook(portal.data);
  return portal;
}
