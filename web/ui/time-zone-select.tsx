import { Select } from "@mantine/core";
import type { ReactNode } from "react";

const known = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

type Props = {
  label: string;
  description: ReactNode;
  value: string;
  onChange: (zone: string) => void;
  error: ReactNode;
};

/** A zone that this browser does not list, and the server took, is offered all the same. */
export function TimeZoneSelect({ value, onChange, ...field }: Props) {
  return (
    <Select
      {...field}
      inputWrapperOrder={["label", "input", "description", "error"]}
      searchable
      limit={100}
      nothingFoundMessage="There is no such time zone. Search for a large city near you."
      allowDeselect={false}
      data={known.includes(value) ? known : [value, ...known]}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
    />
  );
}
