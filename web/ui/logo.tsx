import { getLogo } from "#server/features/tenants/contract.ts";
import { address } from "../api.ts";
import { useTenantLook } from "../shell/tenant-look.ts";
import classes from "./logo.module.css";

/** The tenant's logo; the mark of the product where it has none: a person's place in a whole. */
export function Logo({ size = 24 }: { size?: number }) {
  const look = useTenantLook();
  if (look?.logo) {
    // Named by what it is, so that another one is another picture.
    const source = `${address(getLogo, { params: { tenant: look.slug } })}?${look.logo}`;
    return <img src={source} alt="" height={size} className={classes.logo} />;
  }
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2 30 16 16 30 2 16Z" fill="var(--m-accent)" />
      <path d="M16 10 22 16 16 22 10 16Z" fill="var(--m-canvas)" />
    </svg>
  );
}
