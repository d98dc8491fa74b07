import { Button, Group } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./pager.module.css";

type Props = {
  summary: ReactNode;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
};

/** Previous and Next of a list that is read page by page. Not there at all where everything fits. */
export const Pager = ({ summary, previous, next }: Props) =>
  (summary || previous || next) && (
    <nav className={classes.pager} aria-label="Pages">
      <span className={classes.summary} data-figures>
        {summary}
      </span>
      {(previous || next) && (
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconChevronLeft size={14} />}
            disabled={!previous}
            onClick={() => previous?.()}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="xs"
            rightSection={<IconChevronRight size={14} />}
            disabled={!next}
            onClick={() => next?.()}
          >
            Next
          </Button>
        </Group>
      )}
    </nav>
  );
