import { Alert, Button, Text, Title } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import type { ApiProblem } from "../api.ts";
import { Form } from "../ui/form.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import classes from "./settings.module.css";

type Props = {
  id: string;
  title: string;
  intro: string;
  /** The section's fields as a form; without one, what is in it saves itself. */
  form?: ComponentProps<typeof Form>["form"] & { sending: boolean };
  readOnly: boolean;
  theirChanges?: string;
  /** Shows what somebody else has changed meanwhile, and keeps what is typed here. */
  reload?: () => Promise<void>;
  /** Below the button that saves. */
  after?: ReactNode;
  children: ReactNode;
};

/** A few settings that belong together, saved together. */
export function Section({ id, title, intro, form, readOnly, theirChanges, reload, after, children }: Props) {
  const remedy = (problem: ApiProblem) =>
    problem.code === "changed_meanwhile" && (
      <Button mt="xs" size="xs" variant="default" onClick={() => void reload?.()}>
        Load their changes, keep mine
      </Button>
    );
  return (
    <section id={id} className={classes.section} aria-labelledby={`${id}-title`}>
      <div className={classes.head}>
        <Title order={2} id={`${id}-title`}>
          {title}
        </Title>
        <Text c="dimmed">{intro}</Text>
      </div>
      {form ? (
        <Form form={form} remedy={remedy} className={classes.fields}>
          {theirChanges && !form.general && (
            <Alert color="amber" role="status" py="xs">
              Somebody else changed: {theirChanges}. Your own edits are kept. Look them over, then save.
            </Alert>
          )}
          <fieldset disabled={readOnly} className={classes.fieldset}>
            {children}
          </fieldset>
          {!readOnly && (
            <div>
              <SaveButton form={form} variant="default" />
            </div>
          )}
          {after}
        </Form>
      ) : (
        <div className={classes.fields}>{children}</div>
      )}
    </section>
  );
}
