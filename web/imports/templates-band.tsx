import { Button, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { passwordMaximum } from "#server/features/credentials/password-rules.ts";
import { downloadTemplate } from "#server/features/imports/contract.ts";
import type { Me } from "#server/features/sign-in/contract.ts";
import { languageNames } from "#server/features/tenants/tenant-settings.ts";
import { address } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { count } from "../ui/words.ts";
import { Band } from "./band.tsx";
import { ImportExample } from "./import-example.tsx";
import classes from "./templates-band.module.css";

type Kind = "create.csv" | "invite.csv";

function Template({ kind, name, children }: { kind: Kind; name: string; children: string }) {
  const tenant = useTenant();
  const href = address(downloadTemplate, { params: { tenant, kind } });
  return (
    <div className={classes.template}>
      <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} />}>
        {name}
      </Button>
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </div>
  );
}

const columns = (tenant: Me["tenant"]): readonly [name: string, needed: string, rule: string][] => [
  ["First name", "Required", "1 to 100 characters."],
  ["Last name", "Required", "1 to 100 characters."],
  [
    "Email",
    "Required",
    "One address for each person, with its domain: eva@north.example. Each address once. A person whose address is already a user is skipped unless you choose to update names and groups.",
  ],
  [
    "Password",
    "In the User Creation Template",
    `${tenant.passwordMinimum} to ${passwordMaximum} characters. Not the email address or its part before the @, not the person's name, none of the most common ones. It is temporary: ${fate(tenant)} must be changed at the first sign-in. Left empty, one is generated. The User Invite Template has no such column.`,
  ],
  [
    "Groups",
    "Optional",
    "Names of groups, separated by a semicolon: Staff; Sales. A row with a group that does not exist is held back until you tick “Create missing groups” or say which group is meant.",
  ],
  [
    "Language",
    "Optional",
    `The language of this person's emails: ${Object.values(languageNames).join(", ")}; en, de and es do as well. Left empty, emails are in ${languageNames[tenant.language]}, as your organisation's are. With any other language the row is imported without it.`,
  ],
];

const fate = ({ sendPasswords, temporaryPasswordDays }: Me["tenant"]) =>
  sendPasswords
    ? `it is mailed to the person, works for ${count(temporaryPasswordDays, "day")} and`
    : "it is not mailed (the person gets a link to set one), and if you tell it to them it";

const steps = ({ rows, mib }: Me["importLimits"]): readonly string[] => [
  "Keep the first row with the headings. Every row below it is one person. Empty rows do no harm.",
  "Save the file as CSV (in Excel: “CSV UTF-8”) or as an Excel workbook, or paste the rows. Comma, semicolon, tab and | are understood as separators, and so are the common encodings. Other headings and columns are fine: what each column holds is recognised, and you can change it.",
  "A file with a Password column creates users; a file without one invites them. You can choose one of each, or several.",
  `At most ${rows.toLocaleString("en")} rows and ${mib.toLocaleString("en")} MiB in an import, and at most 20 files.`,
  "A row with a problem is not imported and does not stop the others. You see every problem with its row, its column and how to mend it before anything is imported.",
  "Nobody is created, invited or mailed until you press Import CSV. Then each new user gets exactly one email.",
];

/** The two templates, and exactly what must be done for an import to succeed. */
export function TemplatesBand({ folded }: { folded?: boolean }) {
  const { importLimits, tenant } = useMe();
  return (
    <Band number="?" title="Templates, and what a file needs" {...(folded ? { folded } : {})}>
      <div className={classes.templates}>
        <Template kind="create.csv" name="User Creation Template">
          {tenant.sendPasswords
            ? "You give each person a first password. It is mailed to them."
            : "You give each person a first password. They are mailed a link to set another."}
        </Template>
        <Template kind="invite.csv" name="User Invite Template">
          Each person gets a link and sets their own password.
        </Template>
      </div>
      <div className={classes.guide}>
        <div>
          <Title order={3} mb={4}>
            What each column needs
          </Title>
          <table className={classes.columns}>
            <tbody>
              {columns(tenant).map(([name, needed, rule]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <strong>{needed}.</strong> {rule}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div>
          <Title order={3} mb={4}>
            What must be done for an import to succeed
          </Title>
          <ol className={classes.steps}>
            {steps(importLimits).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <ImportExample />
        </div>
      </div>
    </Band>
  );
}
