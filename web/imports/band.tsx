import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./band.module.css";

type Props = {
  number?: 1 | 2 | "?";
  title: string;
  aside?: ReactNode;
  folded?: boolean;
  children?: ReactNode;
};

/** One of the steps of an import, all on one page, or "?", what helps with them. What is not needed now folds into its heading. */
export function Band({ number, title, aside, folded, children }: Props) {
  const id = useId();
  const heading = (
    <>
      {number && (
        <span className={classes.number} aria-hidden="true">
          {number}
        </span>
      )}
      <Title order={2} id={id}>
        {title}
      </Title>
    </>
  );
  if (folded !== undefined) {
    return (
      <section
        className={classes.band}
        data-numbered={number !== undefined || undefined}
        aria-labelledby={id}
      >
        <details open={!folded}>
          <summary className={classes.head}>{heading}</summary>
          <div className={classes.body}>{children}</div>
        </details>
      </section>
    );
  }
  return (
    <section className={classes.band} data-numbered={number !== undefined || undefined} aria-labelledby={id}>
      <div className={classes.head}>
        {heading}
        {aside && <div className={classes.aside}>{aside}</div>}
      </div>
      {children && <div className={classes.body}>{children}</div>}
    </section>
  );
}
