import { SegmentedControl, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { previewWording } from "#server/features/mail/contract.ts";
import type { Wording } from "#server/features/mail/shapes.ts";
import type { Language } from "#server/features/tenants/tenant-settings.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import classes from "./wordings.module.css";

type Props = { kind: string; language: Language; wording: Wording; valid: boolean };

const looks = { light: "Light", dark: "Dark", text: "Plain text" } as const;
type Look = keyof typeof looks;

/** A sandboxed frame takes the scheme of whoever looks at it; here it is the one that was chosen. */
const inScheme = (html: string, look: Look) =>
  html.replaceAll("@media (prefers-color-scheme: dark)", look === "dark" ? "@media all" : "@media not all");

/** What somebody who does not exist would get with these words, as they are typed. */
export function WordingPreview({ kind, language, wording, valid }: Props) {
  const params = { tenant: useTenant(), kind, language };
  const [typed] = useDebouncedValue(wording, 300);
  const [look, setLook] = useState<Look>("light");
  const { data, error, refetch } = useQuery({
    ...read(previewWording, { params, body: typed }),
    // What is wrong is said at its field; meanwhile the last words that were right stay to be seen.
    enabled: valid,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return (
    <section className={classes.preview} aria-label="Preview">
      <div className={classes.head}>
        <Title order={2}>Preview</Title>
        <SegmentedControl
          aria-label="How it is shown"
          size="xs"
          value={look}
          onChange={(next) => setLook(next as Look)}
          data={Object.entries(looks).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {!valid && data && (
        <Text c="dimmed" role="status">
          As it was before. It follows again when the fields are right.
        </Text>
      )}
      {data && (
        <>
          <p className={classes.subject}>
            <span className={classes.aside}>Subject</span> {data.subject}
          </p>
          {look === "text" ? (
            <pre className={classes.plain}>{data.text}</pre>
          ) : (
            // Nothing may run in it, and nothing in it leads anywhere.
            <iframe
              className={classes.mail}
              data-look={look}
              title="The email as its recipient sees it"
              sandbox=""
              srcDoc={inScheme(data.html, look)}
            />
          )}
        </>
      )}
    </section>
  );
}
