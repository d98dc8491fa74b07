import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { listWordings, type WordingsAnswer } from "#server/features/mail/contract.ts";
import { kindName, kindUse } from "#server/features/mail/kind-names.ts";
import { type Language, languageNames, languages } from "#server/features/tenants/tenant-settings.ts";
import { Needs } from "../shell/needs.tsx";
import { read } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Page } from "../ui/page.tsx";
import { Unsaved } from "../ui/unsaved.tsx";
import { OneWording } from "./one-wording.tsx";
import classes from "./wordings.module.css";

const route = getRouteApi("/t/$tenant/frame/settings/emails/$kind");

/** What one kind of email says: a language at a time, with a preview of what is typed. */
export const WordingPage = () => (
  <Needs permission="settings.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const { tenant, kind } = route.useParams();
  const usualLanguage = useMe().tenant.language;
  const { language = usualLanguage } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(read(listWordings, { params: { tenant } }));
  const item = data?.items.find((one) => one.kind === kind);
  const choose = (next: Language) =>
    void navigate({ search: (search) => ({ ...search, language: next }), replace: true });
  return (
    <Page
      title={data && !item ? "No such email" : kindName(kind)}
      back={<BackLink to="/t/$tenant/settings" hash="wordings" />}
      toolbar={
        <>
          <SegmentedControl
            aria-label="Language"
            value={language}
            onChange={(next) => choose(next as Language)}
            data={languages.map((value) => ({ value, label: languageNames[value] }))}
          />
          <Text c="dimmed">{kindUse(kind)}</Text>
        </>
      }
    >
      {error && !data && <LoadFailed problem={error} retry={refetch} />}
      {data && !item && (
        <Text className={classes.note}>Perhaps the address is not complete. Go back to the settings.</Text>
      )}
      <Unsaved>{item && <Languages key={kind} item={item} language={language} />}</Unsaved>
      {!data && !error && <Loading />}
    </Page>
  );
}

type Item = WordingsAnswer["items"][number];

/** All of them are kept, so that what is typed in one is still there after a look at another. */
const Languages = ({ item, language }: { item: Item; language: Language }) =>
  item.wordings.map((answer) => (
    <div key={answer.language} hidden={answer.language !== language}>
      <OneWording
        kind={item.kind}
        answer={answer}
        placeholders={item.placeholders}
        shown={answer.language === language}
      />
    </div>
  ));

const Loading = () => (
  <div role="status" aria-label="Loading" className={classes.columns}>
    <div className={classes.fields}>
      {[36, 36, 120, 36, 80].map((height, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stand for fields and never move
        <Skeleton key={at} h={height} animate={false} />
      ))}
    </div>
    <Skeleton h={480} animate={false} />
  </div>
);
