import { Button, Textarea, TextInput } from "@mantine/core";
import { may, useMe } from "../shell/session.ts";
import { Form } from "../ui/form.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { PlaceholderList } from "./placeholder-list.tsx";
import { useInsertion } from "./use-insertion.ts";
import { useWording, type Worded } from "./use-wording.ts";
import { differing, isUsual, type Part, partNames } from "./wording-parts.ts";
import { WordingPreview } from "./wording-preview.tsx";
import classes from "./wordings.module.css";

type Props = Worded & {
  /** Only what is on the screen is previewed. */
  shown: boolean;
};

const below: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

/** The words of one email in one language, and beside them what it looks like. */
export function OneWording({ shown, ...worded }: Props) {
  const { form, base, valid, reset, resetting, reload } = useWording(worded);
  const readOnly = !may(useMe(), "settings.change");
  const insertion = useInsertion((part, text) => form.set(part, text));
  const own = differing(form.values, base.usual);
  const line = (part: Part) => ({
    label: partNames[part],
    inputWrapperOrder: below,
    ...(own.includes(part) && base.usual[part] && { description: `Usually: ${base.usual[part]}` }),
    ...form.field(part),
    onFocus: insertion.onFocus,
  });
  const text = (part: Part) => ({ ...line(part), autosize: true, minRows: 3, maxRows: 14 });
  return (
    <div className={classes.columns}>
      <Form
        form={form}
        className={classes.fields}
        remedy={(problem) =>
          problem.code === "changed_meanwhile" && (
            <Button mt="xs" size="xs" variant="default" onClick={() => void reload()}>
              Load their changes, keep mine
            </Button>
          )
        }
      >
        <fieldset disabled={readOnly} className={classes.fieldset}>
          <TextInput {...line("subject")} />
          <TextInput {...line("heading")} />
          <Textarea {...text("intro")} />
          <TextInput {...line("button")} />
          <Textarea {...text("closing")} />
        </fieldset>
        {!readOnly && (
          <>
            <PlaceholderList placeholders={worded.placeholders} onInsert={insertion.insert} />
            <div className={classes.buttons}>
              <SaveButton form={form} />
              {!isUsual(base) && (
                <Button variant="default" loading={resetting} onClick={() => void reset()}>
                  Use the usual words
                </Button>
              )}
            </div>
          </>
        )}
      </Form>
      {shown && (
        <WordingPreview kind={worded.kind} language={base.language} wording={form.values} valid={valid} />
      )}
    </div>
  );
}
