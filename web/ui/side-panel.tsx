import { Drawer } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { HalfFilled } from "./half-filled.ts";
import { isCovered, usePageBehind } from "./page-behind.ts";
import classes from "./side-panel.module.css";

type Props = { title: string; opened: boolean; onClose: () => void; children: ReactNode };

/**
 * The right-hand drawer. The list stays visible beside it; a click outside does not throw away what was typed, and
 * Escape and × ask before they do.
 */
export function SidePanel({ title, opened, onClose, children }: Props) {
  const [halfFilled, setHalfFilled] = useState(false);
  const [asked, ask] = useState(false);
  usePageBehind(opened);
  const close = () => {
    // Escape belongs to the question in front, where one is open.
    if (isCovered()) return;
    if (halfFilled) ask(true);
    else onClose();
  };
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size={440}
      title={title}
      closeOnClickOutside={false}
      overlayProps={{ backgroundOpacity: 0.12 }}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{
        content: classes.content,
        header: classes.header,
        title: classes.title,
        body: classes.body,
      }}
    >
      <HalfFilled value={setHalfFilled}>{children}</HalfFilled>
      {asked && (
        <ConfirmDialog
          title="Close without saving?"
          verb="Close without saving"
          onConfirm={async () => onClose()}
          onClose={() => ask(false)}
        >
          What you entered here has not been saved yet. Cancel takes you back to it.
        </ConfirmDialog>
      )}
    </Drawer>
  );
}

/** The row of buttons that stays at the bottom of the panel however long the form is. */
export const PanelFooter = ({ children }: { children: ReactNode }) => (
  <div className={classes.footer}>{children}</div>
);
