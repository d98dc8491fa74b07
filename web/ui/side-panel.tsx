import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { isCovered, usePageBehind } from "./page-behind.ts";
import classes from "./side-panel.module.css";

type Props = { title: string; opened: boolean; onClose: () => void; children: ReactNode };

/** The right-hand drawer. The list stays visible beside it; a click outside does not throw away what was typed. */
export function SidePanel({ title, opened, onClose, children }: Props) {
  usePageBehind(opened);
  return (
    <Drawer
      opened={opened}
      // Escape belongs to the question in front, where one is open.
      onClose={() => isCovered() || onClose()}
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
      {children}
    </Drawer>
  );
}

/** The row of buttons that stays at the bottom of the panel however long the form is. */
export const PanelFooter = ({ children }: { children: ReactNode }) => (
  <div className={classes.footer}>{children}</div>
);
