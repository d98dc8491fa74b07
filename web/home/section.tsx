import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./home.module.css";

type Props = { title: string /** Beside the title: choices. */; aside?: ReactNode; children: ReactNode };

/** A part of the Home screen, named by its title. */
export function Section({ title, aside, children }: Props) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHead}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
