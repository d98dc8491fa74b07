import { Alert } from "@mantine/core";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import type { ApiProblem } from "../api.ts";
import classes from "./form.module.css";
import { useHalfFilled } from "./half-filled.ts";
import { Prose } from "./prose.tsx";

type Props = {
  form: {
    element: RefObject<HTMLFormElement | null>;
    submit: () => Promise<unknown>;
    general: ApiProblem | null;
    halfFilled: boolean;
  };
  children: ReactNode;
  className?: string | undefined;
  /** What to show of a problem that belongs to no field, where its words alone are not enough. */
  remedy?: (problem: ApiProblem) => ReactNode;
};

/** A form that shows its own problems, submits with Ctrl/⌘-Enter from anywhere in it, and never twice at once. */
export function Form({ form, children, className, remedy }: Props) {
  useHalfFilled(form.halfFilled);
  const offered = form.general && remedy?.(form.general);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void form.submit();
  };
  return (
    <form
      ref={form.element}
      noValidate
      className={className ?? classes.form}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {form.general && (
        <Alert color="red" role="alert" py="xs">
          <Prose>{form.general.detail}</Prose>
          {offered && <div className={classes.remedy}>{offered}</div>}
        </Alert>
      )}
      {children}
    </form>
  );
}
