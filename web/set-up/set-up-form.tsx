import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { checkPassword } from "#server/features/credentials/password-rules.ts";
import { setUp } from "#server/features/sign-in/contract.ts";
import { tenantSettings, usualSettings } from "#server/features/tenants/tenant-settings.ts";
import { useCall } from "../shell/queries.ts";
import { becomes } from "../shell/session.ts";
import formClasses from "../ui/form.module.css";
import { Form } from "../ui/form.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { TimeZoneSelect } from "../ui/time-zone-select.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { suggestSlug } from "./suggest-slug.ts";

const empty = { tenantName: "", slug: "", firstName: "", lastName: "", email: "", password: "" };

/** The clock of whoever sets up is their organisation's, more likely than any other. */
function likelyTimeZone(): string {
  const here = tenantSettings.shape.timeZone.safeParse(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return here.success ? here.data : usualSettings.timeZone;
}

export function SetUpForm({ secret, address }: { secret: string; address: string }) {
  const navigate = useNavigate();
  const settingUp = useCall(setUp, { anonymous: true });
  // The address name follows the name until somebody writes their own.
  const [ownSlug, setOwnSlug] = useState(false);
  const form = useForm({
    initial: { ...empty, timeZone: likelyTimeZone() },
    check: (values) => {
      const problem = values.password ? checkPassword(values.password, values) : undefined;
      return { ...(problem ? { password: problem } : {}), ...checkWith(setUp.body, { ...values, secret }) };
    },
    send: async (values) => {
      const me = await settingUp.mutateAsync({ body: { ...values, secret } });
      becomes(me.tenant.slug, me);
      await navigate({ to: "/t/$tenant/home", params: { tenant: me.tenant.slug }, replace: true });
    },
  });
  const { values, set } = form;
  const preview = `${address.replace(/\/$/, "")}/t/${values.slug.trim() || "…"}/`;
  return (
    <Form form={form}>
      <TextInput
        label="Organisation name"
        placeholder="Northwind Ltd"
        autoComplete="organization"
        autoFocus
        {...form.field("tenantName")}
        onChange={(event) => {
          set("tenantName", event.currentTarget.value);
          if (!ownSlug) set("slug", suggestSlug(event.currentTarget.value));
        }}
      />
      <TextInput
        label="Address name"
        placeholder="northwind"
        autoCapitalize="none"
        spellCheck={false}
        description={
          <>
            Everybody signs in at {preview}
            <br />
            It cannot be changed later.
          </>
        }
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...form.field("slug")}
        onChange={(event) => {
          setOwnSlug(event.currentTarget.value !== "");
          set("slug", event.currentTarget.value.toLowerCase());
        }}
      />
      <TimeZoneSelect
        label="Time zone"
        description="Emails write times in it. It can be changed in Settings."
        value={values.timeZone}
        onChange={(zone) => set("timeZone", zone)}
        error={form.error("timeZone")}
      />
      <div className={formClasses.pair}>
        <TextInput label="First name" autoComplete="given-name" {...form.field("firstName")} />
        <TextInput label="Last name" autoComplete="family-name" {...form.field("lastName")} />
      </div>
      <TextInput
        label="Email"
        type="email"
        inputMode="email"
        autoComplete="username"
        {...form.field("email")}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        about={values}
        field={form.field("password")}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        Set up
      </Button>
    </Form>
  );
}
