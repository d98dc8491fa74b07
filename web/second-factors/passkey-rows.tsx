import { Button, Group, Text } from "@mantine/core";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type OwnFactors, removePasskey } from "#server/features/second-factors/contract.ts";
import { call } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { When } from "../ui/when.tsx";
import { unsupported } from "./add-passkey.tsx";
import { RemoveFactor } from "./remove-factor.tsx";
import { RenamePasskey } from "./rename-passkey.tsx";
import classes from "./second-factors.module.css";

/** Somebody's passkeys, and the way to another. */
export function PasskeyRows({ passkeys }: Pick<OwnFactors, "passkeys">) {
  const params = { tenant: useTenant() };
  const navigate = useNavigate();
  const add = () =>
    void navigate({ to: "/t/$tenant/set-up-second-factor", params, search: { kind: "passkey" } });
  return (
    <>
      {passkeys.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} />
      ))}
      <li className={classes.factor}>
        <div>
          <Text fw={500}>{passkeys.length > 0 ? "Another passkey" : "Passkey"}</Text>
          <Text size="sm" c="dimmed">
            {browserSupportsWebAuthn()
              ? "Your fingerprint, face or PIN on your phone or computer, a password manager, or a security key."
              : unsupported}
          </Text>
        </div>
        {browserSupportsWebAuthn() && (
          <Button variant="default" size="compact-sm" onClick={add}>
            Add a passkey
          </Button>
        )}
      </li>
    </>
  );
}

type Passkey = OwnFactors["passkeys"][number];

function whatItIsFor({ signsInAlone }: Passkey, passkeySignIn: boolean): string {
  if (signsInAlone) return "Signs you in by itself, without email and password.";
  return passkeySignIn
    ? "Asked for after your password. Use it there once with your fingerprint, face or PIN: from then on it also signs you in by itself."
    : "Asked for after your password.";
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { slug, passkeySignIn } = useMe().tenant;
  const params = { tenant: slug, passkeyId: passkey.id };
  const [renaming, rename] = useState(false);
  const nameId = `passkey-${passkey.id}`;
  return (
    <li className={classes.factor}>
      <div>
        <Text fw={500} id={nameId}>
          {passkey.name}
        </Text>
        <Text size="sm" c="dimmed">
          Passkey, added <When at={passkey.createdAt} />,{" "}
          {passkey.lastUsedAt ? (
            <>
              last used <When at={passkey.lastUsedAt} />
            </>
          ) : (
            "not used yet"
          )}
          . {whatItIsFor(passkey, passkeySignIn)}
        </Text>
      </div>
      <Group gap="xs">
        <Button variant="default" size="compact-sm" aria-describedby={nameId} onClick={() => rename(true)}>
          Rename
        </Button>
        <RemoveFactor
          what={`the passkey “${passkey.name}”`}
          told={`The passkey “${passkey.name}” is removed.`}
          remove={() => call(removePasskey, { params })}
          nameId={nameId}
        />
      </Group>
      {renaming && <RenamePasskey passkey={passkey} onClose={() => rename(false)} />}
    </li>
  );
}
