import { IconArrowLeft } from "@tabler/icons-react";
import { useTenant } from "../shell/queries.ts";
import { TextLink } from "./text-link.tsx";

type Props = {
  to:
    | "/t/$tenant/users"
    | "/t/$tenant/groups"
    | "/t/$tenant/imports"
    | "/t/$tenant/settings"
    | "/t/$tenant/bulk-actions";
  /** Where on it. */
  hash?: string;
};

/** To the list a page belongs to. */
export const BackLink = ({ to, hash = "" }: Props) => (
  <TextLink
    to={to}
    hash={hash}
    params={{ tenant: useTenant() }}
    size="xs"
    display="inline-flex"
    style={{ alignItems: "center", gap: 4 }}
  >
    <IconArrowLeft size={14} /> Back
  </TextLink>
);
