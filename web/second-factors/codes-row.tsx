import { Alert, Button, Text } from "@mantine/core";
import { useState } from "react";
import { type OwnFactors, renewRecoveryCodes } from "#server/features/second-factors/contract.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { When } from "../ui/when.tsx";
import { CodesDialog } from "./codes-dialog.tsx";
import classes from "./second-factors.module.css";
import { useConfirmed } from "./use-confirmed.tsx";

const few = 3;

/** How many recovery codes are left, and new ones. */
export function CodesRow({ codes: { left, madeAt } }: { codes: NonNullable<OwnFactors["recoveryCodes"]> }) {
  const params = { tenant: useTenant() };
  const { run, question } = useConfirmed();
  const [asked, ask] = useState(false);
  const [made, setMade] = useState<string[]>([]);
  const renew = () =>
    run(async () => {
      const { recoveryCodes } = await call(renewRecoveryCodes, { params });
      await forget("me");
      setMade(recoveryCodes);
    });
  return (
    <li className={classes.factor}>
      <div>
        <Text fw={500}>Recovery codes</Text>
        <Text size="sm" c="dimmed">
          {left} of 10 left, made <When at={madeAt} />. Each lets you sign in once without your second factor.
        </Text>
      </div>
      <Button variant="default" size="compact-sm" onClick={() => ask(true)}>
        Make new codes
      </Button>
      {left <= few && (
        <Alert color="amber" py="xs" flex="1 0 100%">
          {left === 0 ? "You have used all of them." : "You have used most of them."} Make new ones, or you
          may not get in when you do not have your phone or key at hand.
        </Alert>
      )}
      {asked && (
        <ConfirmDialog
          title="Make new recovery codes?"
          verb="Make new codes"
          onConfirm={renew}
          onClose={() => ask(false)}
        >
          You get ten new ones. Those you have now stop working.
        </ConfirmDialog>
      )}
      {made.length > 0 && <CodesDialog codes={made} onClose={() => setMade([])} />}
      {question}
    </li>
  );
}
