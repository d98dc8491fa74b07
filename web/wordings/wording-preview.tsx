import { SegmentedControl, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { previewWording } from "#server/features/mail/contract.ts";
import type { Wording } from "#server/features/mail/shapes.ts";
import type { Language } from "#server/features/tenants/tenant-settings.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { type Look, looks } from "./wording-parts.ts";
import classes from "./wordings.module.css";

const route = getRouteApi("/t/$tenant/frame/settings/emails/$kind");

type Props = { kind: string; language: Language; wording: Wording; valid: boolean };

const names: Readonly<Record<Look, string>> = { light: "Light", dark: "Dark", text: "Plain text" };

/** A sandboxed frame takes the scheme of whoever looks at it; here it is the one that was chosen. */
const inScheme = (html: string, look: Look) =>
  html.replaceAll("@media (prefers-color-scheme: dark)", look === "dark" ? "@media all" : "@media not all");

/** What somebody who does not exist would get with these words, as they are typed. */
export function WordingPreview({ kind, language, wording, valid }: Props) {
  const params = { tenant: useTenant(), kind, language };
  const [typed] = useDebouncedValue(wording, 300);
  const { look = "light" } = route.useSearch();
  const navigate = route.useNavigate();
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
          onChange={(next) =>
            void navigate({ search: (search) => ({ ...search, look: next as Look }), replace: true })
          }
          data={looks.map((value) => ({ value, label: names[value] }))}
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
