import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeImportSafety, getImportSafety } from "#server/features/imports/contract.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { may, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { tell } from "../ui/toast.ts";

const fields = [
  ["changedPercent", "Users changed, in percent of all", 100],
  ["emails", "Emails sent", 1_000_000],
  ["newGroups", "Groups created", 20_000],
] as const;

/** Above which numbers an import asks for a typed confirmation. */
export function SafetyLimits() {
  const params = { tenant: useTenant() };
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...read(getImportSafety, { params }), enabled: open });
  const change = useCall(changeImportSafety);
  const [typed, type] = useState<Record<string, number>>({});
  if (!may(useMe(), "imports.safety")) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Safety limits
      </Button>
      {open && data && (
        <ConfirmDialog
          title="Safety limits"
          verb="Save"
          onClose={() => {
            setOpen(false);
            type({});
          }}
          onConfirm={async () => {
            const now = await change.mutateAsync({ params, body: { ...data, ...typed } });
            queryClient.setQueryData(read(getImportSafety, { params }).queryKey, now);
            tell("The safety limits are saved.");
          }}
        >
          An import that goes above one of these asks for a typed confirmation first. It also asks before it
          changes administrators or you yourself, uses a mail domain nobody here has had, or suspends people.
          {fields.map(([name, label, max]) => (
            <NumberInput
              key={name}
              mt="sm"
              label={label}
              min={0}
              max={max}
              clampBehavior="strict"
              allowDecimal={false}
              value={typed[name] ?? data[name]}
              onChange={(value) => type((before) => ({ ...before, [name]: Number(value) }))}
            />
          ))}
        </ConfirmDialog>
      )}
    </>
  );
}
