import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Import } from "#server/features/imports/contract.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import classes from "./seat-belt.module.css";

type Props = {
  belt: NonNullable<Import["seatBelt"]>;
  onConfirm: (confirmation: string) => Promise<void>;
  onClose: () => void;
};

/** Stops what should not happen by accident: says why, and asks for it to be typed. The server refuses a wrong word. */
export function SeatBelt({ belt, onConfirm, onClose }: Props) {
  const [typed, type] = useState("");
  return (
    <ConfirmDialog
      title="Is all of this meant?"
      verb="Import CSV"
      onClose={onClose}
      onConfirm={() => onConfirm(typed)}
    >
      <ul className={classes.reasons}>
        {belt.reasons.map(({ code, message }) => (
          <li key={code}>{message}</li>
        ))}
      </ul>
      <TextInput
        label={
          <>
            Type <code>{belt.phrase}</code> to confirm
          </>
        }
        value={typed}
        autoComplete="off"
        onChange={(event) => type(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
