import { Text } from "@mantine/core";
import type { Import } from "#server/features/imports/contract.ts";
import { importLooks, importResult } from "../imports/import-looks.ts";
import { useTenant } from "../shell/queries.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { When } from "../ui/when.tsx";
import { listing } from "../ui/words.ts";
import classes from "./home.module.css";
import { Section } from "./section.tsx";

/** The latest imports, whatever became of them. */
export function RecentImports({ imports }: { imports: readonly Import[] | undefined }) {
  const params = { tenant: useTenant() };
  return (
    <Section
      title="Recent imports"
      aside={
        <TextLink to="/t/$tenant/imports" params={params} search={{ tried: true }}>
          All imports
        </TextLink>
      }
    >
      {imports?.length === 0 && <Text c="dimmed">No file has been imported yet.</Text>}
      <ul className={classes.imports}>
        {imports?.map((item) => {
          const { shape, tone, word } = importLooks[item.state];
          return (
            <li key={item.id}>
              <TextLink
                title={listing(item.files.map((file) => file.name))}
                className={classes.importName ?? ""}
                to="/t/$tenant/imports/$importId"
                params={{ ...params, importId: item.id }}
              >
                {listing(item.files.map((file) => file.name)) || "no file"}
              </TextLink>
              <StatusMark shape={shape} tone={tone}>
                {word}
              </StatusMark>
              <Text c="dimmed">{importResult(item)}</Text>
              <Text c="dimmed">
                <When at={item.createdAt} />
              </Text>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
