import { Button, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { tenantSlug } from "#server/features/tenants/contract.ts";
import { CardPage } from "../ui/card-page.tsx";
import { Form } from "../ui/form.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { slugOf } from "./slug-of.ts";

const route = getRouteApi("/");
const schema = z.object({ slug: tenantSlug });

/** The installation's own front door: which tenant is this person looking for? */
export function StartPage() {
  const { setUp } = route.useRouteContext();
  return setUp ? <ChooseTenant /> : <NotSetUp />;
}

const NotSetUp = () => (
  <CardPage
    owner="Muster"
    title="Muster is not set up yet"
    intro="Open the set-up link to name your organisation and become its owner. The link is in the terminal where Muster was started."
  />
);

function ChooseTenant() {
  const navigate = useNavigate();
  const form = useForm({
    initial: { slug: "" },
    check: ({ slug }) => checkWith(schema, { slug: slugOf(slug) }),
    send: ({ slug }) => navigate({ to: "/t/$tenant/sign-in", params: { tenant: slugOf(slug) } }),
  });
  return (
    <CardPage
      owner="Muster"
      title="Where do you want to sign in?"
      intro="Enter the address name of your organisation. It stands in every email you got from here, after /t/. You can also paste the whole address."
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
