import { NumberInput, Select, Text, TextInput } from "@mantine/core";
import { PasswordField } from "../ui/password-field.tsx";
import { BounceAddressField } from "./bounce-address-field.tsx";
import classes from "./settings.module.css";
import { keepsPassword, type MailServerForm, type MailServerValues } from "./use-mail-server.ts";

type Security = MailServerValues["security"];

const securities = [
  { value: "starttls", label: "STARTTLS (usually port 587)" },
  { value: "tls", label: "TLS from the start (usually port 465)" },
] as const;
const unencrypted = { value: "none", label: "None: local servers only" } as const;

/** Which port goes with which encryption, as long as nobody has chosen another. */
const usualPorts: Record<Security, number> = { starttls: 587, tls: 465, none: 25 };

const below: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

export const securityName = (security: Security) =>
  [...securities, unencrypted].find(({ value }) => value === security)?.label ?? security;

export function MailServerFields({ section }: { section: MailServerForm }) {
  const { form, base } = section;
  const { values } = form;
  const kept = keepsPassword(base, values);
  const chooseSecurity = (security: Security) => {
    if (values.port === usualPorts[values.security]) form.set("port", usualPorts[security]);
    form.set("security", security);
  };
  const mayBeOpen = base.allowed === "any" || values.security === "none";
  return (
    <>
      <TextInput
        label="Sender's address"
        description="The server must be allowed to send for it. Its name is set under Email."
        inputWrapperOrder={below}
        type="email"
        inputMode="email"
        autoComplete="off"
        placeholder="people@example.org"
        {...form.field("fromAddress")}
      />
      <div className={classes.server}>
        <TextInput
          label="Server"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="smtp.example.org"
          {...form.field("host")}
        />
        <NumberInput
          label="Port"
          hideControls
          allowDecimal={false}
          allowNegative={false}
          value={values.port}
          onChange={(typed) => form.set("port", typed === "" ? "" : Number(typed))}
          onBlur={() => form.leave("port")}
          error={form.error("port")}
        />
      </div>
      <Select
        label="Encryption"
        allowDeselect={false}
        data={mayBeOpen ? [...securities, unencrypted] : securities}
        value={values.security}
        onChange={(value) => value && chooseSecurity(value as Security)}
        error={form.error("security")}
      />
      <TextInput
        label="User"
        description="Leave it empty where the server asks for no login."
        inputWrapperOrder={below}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...form.field("user")}
      />
      {values.user !== "" && (
        <div>
          <PasswordField label="Password" field={form.field("password")} autoComplete="new-password" />
          <Text size="xs" c="dimmed" mt={4}>
            {kept
              ? "One is kept, and never shown. Leave it empty to go on with it."
              : "It is kept sealed, and never shown again."}
          </Text>
        </div>
      )}
      <BounceAddressField section={section} />
    </>
  );
}
