type Greeting = {
  publicUrl: string;
  smtpUrl: string | undefined;
  /** Of an installation without a tenant. */
  setUpLink: string | undefined;
  /** The tenants whose portal is open; of more than `listedTenants` one more than that is enough. */
  slugs: readonly string[];
};

export const listedTenants = 3;

/** What whoever starts Muster reads: where it is, where one signs in, and what is still to be done. */
export function greeting({ publicUrl, smtpUrl, setUpLink, slugs }: Greeting) {
  const lines = [`Muster is running at ${publicUrl}/`];
  if (!smtpUrl) lines.push(`Emails land in the built-in mailbox until SMTP_URL is set: ${publicUrl}/mailbox`);
  if (setUpLink) lines.push("", "Set it up (this link works once, within 24 hours):", `  ${setUpLink}`);
  if (slugs.length > listedTenants)
    lines.push(
      "",
      `Each tenant signs in at ${publicUrl}/t/SLUG/. To list them: npm run muster -- tenant list`,
    );
  else if (slugs.length > 0)
    lines.push("", "Sign in at:", ...slugs.map((slug) => `  ${publicUrl}/t/${slug}/`));
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n\n`;
}
