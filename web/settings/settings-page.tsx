import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { getSettings, type SettingsAnswer } from "#server/features/tenants/contract.ts";
import { Needs } from "../shell/needs.tsx";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Page } from "../ui/page.tsx";
import { Unsaved } from "../ui/unsaved.tsx";
import { WordingsSection } from "../wordings/wordings-section.tsx";
import { MailServerSection } from "./mail-server-section.tsx";
import { EmailSection, OrganisationSection } from "./organisation-sections.tsx";
import { AccessSection, RetentionSection, SessionSection } from "./policy-sections.tsx";
import { SafetySection } from "./safety-section.tsx";
import { SecondFactorSection } from "./second-factor-section.tsx";
import classes from "./settings.module.css";

export const SettingsPage = () => (
  <Needs permission="settings.read">
    <Page title="Settings">
      <Unsaved>
        <Settings />
      </Unsaved>
    </Page>
  </Needs>
);

function Settings() {
  const params = { tenant: useTenant() };
  const { data, error, refetch } = useQuery(read(getSettings, { params }));
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  return data ? <Sections answer={data} /> : <Loading />;
}

function Sections({ answer }: { answer: SettingsAnswer }) {
  const me = useMe();
  const readOnly = !may(me, "settings.change");
  const hash = useLocation({ select: (location) => location.hash });
  // The router looks for it before it is there.
  useEffect(() => document.getElementById(hash)?.scrollIntoView(), [hash]);
  const props = { answer, readOnly };
  return (
    <>
      {readOnly && (
        <Text c="dimmed" px={{ base: "md", sm: "lg" }} pb="md">
          You can look at everything here. Owners and administrators change it.
        </Text>
      )}
      <OrganisationSection {...props} />
      <EmailSection {...props} />
      <WordingsSection readOnly={readOnly} />
      <MailServerSection />
      <AccessSection {...props} />
      <SecondFactorSection {...props} />
      <SessionSection {...props} />
      <SafetySection />
      <RetentionSection {...props} />
    </>
  );
}

const Loading = () => (
  <div role="status" aria-label="Loading">
    {[1, 2, 3].map((section) => (
      <div key={section} className={classes.section}>
        <Skeleton h={20} w={120} animate={false} />
        <div className={classes.fields}>
          <Skeleton h={36} animate={false} />
          <Skeleton h={36} animate={false} />
        </div>
      </div>
    ))}
  </div>
);
