import { TextInput } from "@mantine/core";

type Props = {
  label: string;
  /** A list, or what somebody is typing. */
  value: readonly number[] | string;
  onChange: (typed: string) => void;
  onBlur: () => void;
  error: string | undefined;
  usual: string;
  more: string;
};

/** What was typed, as a list of numbers; what is no number is refused where the list is checked. */
export const readDays = (typed: string): number[] =>
  typed
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);

/** Several numbers of days, with what is usual below them. */
export const DaysSetting = ({ label, value, onChange, onBlur, error, usual, more }: Props) => (
  <TextInput
    label={label}
    description={`Usually ${usual}. ${more}`}
    inputWrapperOrder={["label", "input", "description", "error"]}
    placeholder="None"
    autoComplete="off"
    value={typeof value === "string" ? value : value.join(", ")}
    onChange={(event) => onChange(event.currentTarget.value)}
    onBlur={onBlur}
    {...(error ? { error } : {})}
  />
);
