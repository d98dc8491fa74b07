import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  label: string;
  value: number | "" | null;
  onChange: (value: number | "") => void;
  onBlur: () => void;
  error: string | undefined;
  usual: string;
  more?: ReactNode;
  placeholder?: string;
};

/** A whole number, with what is usual below it. */
export const NumberSetting = ({
  label,
  value,
  onChange,
  onBlur,
  error,
  usual,
  more,
  placeholder = "",
}: Props) => (
  <NumberInput
    label={label}
    description={
      <>
        Usually {usual}.{more && <> {more}</>}
      </>
    }
    inputWrapperOrder={["label", "input", "description", "error"]}
    placeholder={placeholder}
    allowDecimal={false}
    allowNegative={false}
    value={value ?? ""}
    onChange={(typed) => onChange(typed === "" ? "" : Number(typed))}
    onBlur={onBlur}
    {...(error ? { error } : {})}
  />
);
