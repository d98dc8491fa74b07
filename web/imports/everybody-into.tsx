import { Button, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listGroups } from "#server/features/groups/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import type { FileChange, ImportFile } from "./file-summary.tsx";
import classes from "./files-band.module.css";

const same = (one: readonly string[], other: readonly string[]) => one.join("\n") === other.join("\n");

/** Groups that everybody of a file is put into, beside those of their row. */
export function EverybodyInto({ file, change }: { file: ImportFile; change: FileChange }) {
  const [open, setOpen] = useState(false);
  const [names, setNames] = useState<string[]>(file.addGroups);
  const tenant = useTenant();
  const { data } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 100 } }),
    enabled: open,
  });
  if (!open && file.addGroups.length === 0)
    return (
      <Button
        className={classes.textButton ?? ""}
        size="compact-xs"
        variant="subtle"
        onClick={() => setOpen(true)}
      >
        Put everybody into a group
      </Button>
    );
  return (
    <TagsInput
      size="xs"
      mt={4}
      label="Everybody in this file goes into"
      placeholder={names.length === 0 ? "Name of a group" : ""}
      maxTags={20}
      splitChars={[";"]}
      acceptValueOnBlur
      data={(data?.items ?? []).map((group) => group.name)}
      value={names}
      onChange={setNames}
      onFocus={() => setOpen(true)}
      onBlur={() => {
        if (!same(names, file.addGroups)) change({ addGroups: names });
      }}
    />
  );
}
