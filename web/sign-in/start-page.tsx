import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { tenantSlug } from "#server/features/tenants/contract.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";

const schema = z.object({ slug: tenantSlug });

/** The installation's own front door: which tenant is this person looking for? */
export function StartPage() {
  const navigate = useNavigate();
  const form = useForm({
    initial: { slug: "" },
    check: (values) => checkWith(schema, values),
    send: ({ slug }) => navigate({ to: "/t/$tenant/sign-in", params: { tenant: slug.trim() } }),
  });
  return (
    <CardPage
      owner="Muster"
      title="Where do you want to sign in?"
      intro="Enter the address name of your organisation. It stands in every email you got from here, after /t/."
    >
      <Form form={form}>
        <TextInput
          label="Address name"
          placeholder="northwind"
          autoCapitalize="none"
          autoFocus
          {...form.field("slug")}
        />
        <Button type="submit" fullWidth>
          Continue
        </Button>
      </Form>
    </CardPage>
  );
}
