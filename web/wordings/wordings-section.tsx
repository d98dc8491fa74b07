import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { listWordings, type WordingsAnswer } from "#server/features/mail/contract.ts";
import { kindName } from "#server/features/mail/kind-names.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { Section } from "../settings/section.tsx";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { TextLink } from "../ui/text-link.tsx";
import { listing } from "../ui/words.ts";
import { isUsual } from "./wording-parts.ts";
import classes from "./wordings.module.css";

/** Every email and whether it says what is usual, each leading to where it is worded. */
export function WordingsSection({ readOnly }: { readOnly: boolean }) {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(listWordings, { params }));
  return (
    <Section
      id="wordings"
      title="Words of emails"
      intro="What each email says, in each language, and how it looks. Change it to your own words."
      readOnly={readOnly}
    >
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {!data && !error && <Skeleton h={200} animate={false} />}
      <ul className={classes.kinds}>
        {data?.items.map((item) => (
          <li key={item.kind}>
            <TextLink to="/t/$tenant/settings/emails/$kind" params={{ ...params, kind: item.kind }}>
              {kindName(item.kind)}
            </TextLink>
            <span className={classes.aside}>{whoseWords(item)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function whoseWords({ wordings }: WordingsAnswer["items"][number]) {
  const own = wordings.filter((wording) => !isUsual(wording));
  if (own.length === 0) return "as usual";
  return `your own words in ${listing(own.map(({ language }) => languageNames[language]))}`;
}
