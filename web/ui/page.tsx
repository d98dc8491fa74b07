import { Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useMe } from "../shell/session.ts";
import classes from "./page.module.css";

type Props = {
  title: string;
  /** Beside the title: a count, a status. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** Above the title: the way back. */
  back?: ReactNode;
  /** Below the title row: filters, search. */
  toolbar?: ReactNode;
  children: ReactNode;
};

/** The head of a screen, its one primary action top right, and what is below. */
export function Page({ title, aside, actions, back, toolbar, children }: Props) {
  useDocumentTitle(`${title} · ${useMe().tenant.name}`);
  return (
    <>
      <header className={classes.header}>
        {back && <div className={classes.back}>{back}</div>}
        <div className={classes.titleRow}>
          <div className={classes.title}>
            <Title order={1}>{title}</Title>
            {aside}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        {toolbar && <div className={classes.toolbar}>{toolbar}</div>}
      </header>
      {children}
    </>
  );
}
