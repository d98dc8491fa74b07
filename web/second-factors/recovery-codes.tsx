import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../shell/session.ts";
import classes from "./second-factors.module.css";

type Props = { codes: readonly string[]; onKept: () => void };

/** The only time recovery codes are shown: to be copied, saved or written down. */
export function RecoveryCodes({ codes, onKept }: Props) {
  const me = useMe();
  const [copied, setCopied] = useState(false);
  const text = `Recovery codes of ${me.email} for ${me.tenant.name}. Each works once.\n\n${codes.join("\n")}\n`;
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <Stack gap="md">
      <Text>
        Each of these lets you sign in once when you do not have your phone or key at hand. Keep them where
        you keep what matters: they are not shown again.
      </Text>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs" grow>
        {/* Browsers give a page the clipboard under https and on this computer only. */}
        {navigator.clipboard && (
          <Button variant="default" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
        <Button variant="default" onClick={() => download(text, `recovery-codes-${me.tenant.slug}.txt`)}>
          Download
        </Button>
      </Group>
      <Button onClick={onKept}>I have kept them</Button>
    </Stack>
  );
}

function download(text: string, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
