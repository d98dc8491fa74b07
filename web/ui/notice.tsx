import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

type Props = { title: string; children?: ReactNode; action?: ReactNode };

/** In place of a list or a page: nothing there yet, nothing found, not allowed, not possible. Says what to do next. */
export const Notice = ({ title, children, action }: Props) => (
  <Stack className={classes.notice} gap="xs" align="center">
    <Title order={2}>{title}</Title>
    {children && (
      <Text c="dimmed" maw={440}>
        {children}
      </Text>
    )}
    {action && <div className={classes.action}>{action}</div>}
  </Stack>
);
