import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Me } from "#server/features/sign-in/contract.ts";
import type { Permission } from "#server/permissions.ts";
import { Notice } from "../ui/notice.tsx";
import { WaysOn } from "./other-person.tsx";
import { may, useMe } from "./session.ts";

/** Shows a screen only to who may use it; the server refuses the operations all the same. */
export function Needs({ permission, children }: { permission: Permission; children: ReactNode }) {
  const me = useMe();
  return may(me, permission) ? children : <Refused me={me} />;
}

function Refused({ me }: { me: Me }) {
  const title = "You have no permission for this page";
  useDocumentTitle(`${title} · ${me.tenant.name}`);
  return (
    <Notice title={title} action={<WaysOn me={me} />}>
      You are signed in as {me.firstName} {me.lastName} ({me.email}). Somebody who administers users here can
      give you a role that allows it.
    </Notice>
  );
}
