import type { ReactNode } from "react";
import classes from "./rows-table.module.css";

type Words = {
  children: ReactNode;
  full?: string;
  /** On as many lines as it takes: what it becomes is the point. */
  whole?: boolean;
};

/** What stands in a cell. */
export const Text = ({ children, full, whole }: Words) => (
  <span className={classes.text} data-whole={whole || undefined} title={full}>
    {children}
  </span>
);

/** Why nothing does. */
export const None = ({ children }: { children: ReactNode }) => (
  <span className={`${classes.text} ${classes.none}`}>{children}</span>
);
