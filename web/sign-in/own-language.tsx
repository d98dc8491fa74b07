import { Text, Title } from "@mantine/core";
import { changeOwnLanguage, type Me } from "#server/features/sign-in/contract.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { meQuery } from "../shell/session.ts";
import { Form } from "../ui/form.tsx";
import { LanguageSelect } from "../ui/language-select.tsx";
import { SaveButton } from "../ui/save-button.tsx";
import { tell } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";

/** The language of the emails that somebody gets, chosen by themselves. */
export function OwnLanguage({ me }: { me: Me }) {
  const params = { tenant: useTenant() };
  const change = useCall(changeOwnLanguage);
  const form = useForm<Pick<Me, "language">>({
    initial: { language: me.language },
    check: (values) => checkWith(changeOwnLanguage.body, values),
    send: async (body) => {
      const now = await change.mutateAsync({ params, body });
      queryClient.setQueryData(meQuery(params.tenant).queryKey, now);
      form.restart({ language: now.language });
      void forget("users");
      tell(`Emails come in ${languageNames[now.language ?? now.tenant.language]} from now on.`);
    },
  });
  return (
    <section aria-labelledby="language">
      <Title order={2} id="language">
        Your emails
      </Title>
      <Text c="dimmed" my="xs">
        In which language {me.tenant.name} writes to you. This portal itself is in English.
      </Text>
      <Form form={form}>
        <LanguageSelect
          none="As my organisation"
          value={form.values.language}
          onChange={(language) => form.set("language", language)}
          error={form.error("language")}
        />
        <div>
          <SaveButton form={form} variant="default" />
        </div>
      </Form>
    </section>
  );
}
