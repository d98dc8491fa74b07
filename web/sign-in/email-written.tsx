import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CardPage } from "../ui/card-page.tsx";
import { usePortal } from "./use-portal.ts";

type Props = {
  /** There is no mail server: nobody gets the email. */
  kept: boolean | undefined;
  /** Who may get which email, up to its verb: whether anybody does is never said. */
  whatFor: string;
  whomToAsk: string;
  children?: ReactNode;
};

/** After somebody who is not signed in asked for an email. */
export function EmailWritten({ kept = false, whatFor, whomToAsk, children }: Props) {
  const owner = usePortal().data?.name;
  return (
    <CardPage owner={owner} title={kept ? "No email can be sent yet" : "Look into your mailbox"}>
      <Text role="status" style={{ overflowWrap: "anywhere" }}>
        {kept
          ? `${whatFor} is kept in Muster's built-in mailbox, because no mail server has been set up. Ask ${whomToAsk}.`
          : `${whatFor} is on its way. Nothing after a few minutes? Look into the spam folder, or ask ${whomToAsk}.`}
      </Text>
      {children}
    </CardPage>
  );
}
