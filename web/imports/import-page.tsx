import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { getImport, type Import } from "#server/features/imports/contract.ts";
import type { ApiProblem } from "../api.ts";
import { Needs } from "../shell/needs.tsx";
import { forget, read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { BackLink } from "../ui/back-link.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Page } from "../ui/page.tsx";
import { usePatience } from "../ui/use-patience.ts";
import { count } from "../ui/words.ts";
import { FilesBand } from "./files-band.tsx";
import { ImportBar } from "./import-bar.tsx";
import { isMoving, isOver, mailMoves, mailWaits } from "./outcomes.ts";
import { ProgressBand } from "./progress-band.tsx";
import { ResultBand } from "./result-band.tsx";
import { ReviewBand } from "./review-band.tsx";
import { TemplatesBand } from "./templates-band.tsx";
import { useUpload } from "./use-upload.ts";

const route = getRouteApi("/t/$tenant/frame/imports/$importId");

/** Import User before any file is chosen. */
export const NewImportPage = () => (
  <Needs permission="imports.run">
    <ImportScreen found={undefined} unreachable={false} />
  </Needs>
);

/** One import, at an address of its own: review, progress and result are the same page. */
export const OneImportPage = () => (
  <Needs permission="imports.read">
    <Loaded />
  </Needs>
);

function Loaded() {
  const params = route.useParams();
  const patience = usePatience();
  const againAfter = (found: Import) =>
    countsLong(found)
      ? Math.max(5000, found.rows / 40)
      : patience(`${found.id} ${found.state} ${found.planHash}`);
  const { data, error, failureReason, refetch } = useQuery({
    ...read(getImport, { params }),
    retryDelay: 1000,
    refetchInterval: ({ state: { data } }) => {
      if (data && changesByItself(data)) return againAfter(data);
      return data && mailWaits(data) ? Math.max(20_000, againAfter(data)) : false;
    },
  });
  useUsersAfterwards(data?.state);
  if (data)
    return <ImportScreen found={data} unreachable={failureReason !== null && noAnswer(failureReason)} />;
  return (
    <Page title="Import User" back={<BackLink to="/t/$tenant/imports" />}>
      {error && <LoadFailed problem={error} retry={refetch} />}
    </Page>
  );
}

/** Neither Muster nor the way to it; a proxy's page counts as none. */
const noAnswer = ({ status }: ApiProblem) => status === 0 || (status >= 502 && status <= 504);

/** Where emails stand is counted anew each time: some seconds of work for a million rows, less than a fifth of the time. */
const countsLong = ({ messages, rows }: Import) => Boolean(messages) && rows > 20_000;

/** Work of Muster itself, or emails on their way. */
const changesByItself = (found: Import) => isMoving(found) || mailMoves(found);

/** When it is done, lists of users and groups read before are no longer true. */
function useUsersAfterwards(state: Import["state"] | undefined) {
  const before = useRef(state);
  useEffect(() => {
    if ((before.current === "applying" || before.current === "undoing") && state !== before.current)
      void forget("users", "groups", "messages", "imports");
    before.current = state;
  }, [state]);
}

function ImportScreen({ found, unreachable }: { found: Import | undefined; unreachable: boolean }) {
  const upload = useUpload(found);
  const chooseFiles = useRef<HTMLButtonElement>(null);
  const allowed = may(useMe(), "imports.run");
  const over = found !== undefined && isOver(found);
  // Of one import: the next one that takes its place on this page begins anew.
  const [scheduled, schedule] = useState("");
  const scheduling = {
    begun: found !== undefined && scheduled === found.id,
    begin: (begun: boolean) => schedule(begun && found ? found.id : ""),
  };
  return (
    <Page
      title={over ? `Import of ${namesOf(found)}` : "Import User"}
      back={<BackLink to={found ? "/t/$tenant/imports" : "/t/$tenant/users"} />}
      actions={over && allowed && <Another />}
    >
      {found?.state === "undoing" && <ProgressBand found={found} unreachable={unreachable} />}
      {over && found.state !== "undoing" && <ResultBand found={found} />}
      <FilesBand found={found} unreachable={unreachable} upload={upload} button={chooseFiles} />
      {!over && <TemplatesBand {...(found ? { folded: true } : {})} />}
      {found?.state === "applying" && <ProgressBand found={found} unreachable={unreachable} />}
      {!over && found?.state !== "applying" && (
        <>
          <ReviewBand found={upload.uploading ? undefined : found} scheduling={scheduling} />
          {allowed && (
            <ImportBar
              found={found}
              uploading={upload.uploading !== null}
              scheduling={scheduling.begun}
              chooseFiles={chooseFiles}
            />
          )}
        </>
      )}
    </Page>
  );
}

function namesOf({ files: [first, ...more] }: Import) {
  const name = shortened(first?.name ?? "no file");
  return more.length > 0 ? `${name} and ${count(more.length, "more file")}` : name;
}

/** The heading is one line: of a long name its beginning and its end. All of it stands below. */
const shortened = (name: string) => (name.length > 44 ? `${name.slice(0, 24)}…${name.slice(-18)}` : name);

function Another() {
  const navigate = useNavigate();
  const tenant = useTenant();
  return (
    <Button variant="default" onClick={() => void navigate({ to: "/t/$tenant/import", params: { tenant } })}>
      Import more
    </Button>
  );
}
