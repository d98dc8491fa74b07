import { Button, FileButton, Input, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { changeLogo, removeLogo } from "#server/features/tenants/contract.ts";
import { ApiProblem, upload } from "../api.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { Logo } from "../ui/logo.tsx";
import { tell } from "../ui/toast.ts";
import classes from "./settings.module.css";

/** The picture beside the organisation's name: taken and removed at once, without Save. */
export function LogoSetting({ readOnly }: { readOnly: boolean }) {
  const params = { tenant: useTenant() };
  const { logo } = useMe().tenant;
  const remove = useCall(removeLogo);
  const again = useRef<() => void>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (work: () => Promise<unknown>, done: string) => {
    setSending(true);
    setProblem("");
    try {
      await work();
      await forget("me", "portal");
      tell(done);
    } catch (caught) {
      setProblem(caught instanceof ApiProblem ? caught.detail : "That did not work. Try again.");
    } finally {
      setSending(false);
      // The same file can be chosen again once it was mended.
      again.current?.();
    }
  };
  const take = (file: File | null) =>
    file &&
    void run(
      () => upload(changeLogo, { params }, { files: [file], onProgress: () => {} }),
      "Saved: the logo.",
    );
  return (
    <Input.Wrapper
      label="Logo"
      labelElement="div"
      description="Usually Muster's mark. A PNG, JPEG or WebP picture of at most 256 KiB; shown 24 to 40 pixels high here and on the sign-in page."
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <div className={classes.logo}>
        <Logo size={40} />
        {!readOnly && (
          <FileButton accept="image/png,image/jpeg,image/webp" onChange={take} resetRef={again}>
            {(props) => (
              <Button {...props} variant="default" loading={sending}>
                Choose picture
              </Button>
            )}
          </FileButton>
        )}
        {!readOnly && logo && (
          <Button
            variant="subtle"
            color="gray"
            disabled={sending}
            onClick={() => void run(() => remove.mutateAsync({ params }), "Removed: the logo.")}
          >
            Remove
          </Button>
        )}
      </div>
      {problem && (
        <Text size="xs" c="var(--m-bad)" role="alert">
          {problem}
        </Text>
      )}
    </Input.Wrapper>
  );
}
