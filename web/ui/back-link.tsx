import { Anchor } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTenant } from "../shell/queries.ts";

/** To the list a page belongs to. */
export const BackLink = ({ to }: { to: "/t/$tenant/users" | "/t/$tenant/groups" | "/t/$tenant/imports" }) => (
  <Anchor component={Link} to={to} params={{ tenant: useTenant() }} size="xs" display="inline-flex" style={{ alignItems: "center", gap: 4 }}>
    <IconArrowLeft size={14} /> Back
  </Anchor>
);
