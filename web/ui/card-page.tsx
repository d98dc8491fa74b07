import { Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import classes from "./card-page.module.css";
import { Logo } from "./logo.tsx";

type Props = {
  owner: string | undefined;
  title: string;
  intro?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
};

/** One centred card with one thing to do: signing in, setting up, following a link. `owner` is whose portal it is. */
export function CardPage({ owner, title, intro, children, footer }: Props) {
  useDocumentTitle(owner ? `${title} · ${owner}` : title);
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.owner}>
          <Logo />
          <span>{owner ?? " "}</span>
        </div>
        <section className={classes.card}>
          <Title order={1}>{title}</Title>
          {intro && (
            <Text component="div" c="dimmed">
              {intro}
            </Text>
          )}
          {children}
        </section>
        {footer && <footer className={classes.footer}>{footer}</footer>}
      </div>
    </main>
  );
}
