import { jobs, routes } from "./app.ts";
import { buildHttp } from "./build-http.ts";
import { makeSetUpLink } from "./features/sign-in/set-up.ts";
import { openInstallation } from "./open-installation.ts";
import { ConfigError, readConfig } from "./platform/config/config.ts";
import { stopOnSignal } from "./platform/http/stop-on-signal.ts";
import { startBackground } from "./start-background.ts";

async function main() {
  const installation = await openInstallation(readConfig(process.env));
  const { config } = installation.instance;
  const http = await buildHttp(installation, routes);
  const background = await startBackground(installation, jobs);
  stopOnSignal(async () => {
    await http.close();
    await background.stop();
    await installation.close();
  });
  await http.listen({ host: config.host, port: config.port });
  const setUpLink = await makeSetUpLink(installation);
  process.stdout.write(greeting(config, setUpLink));
}

function greeting(
  { publicUrl, smtpUrl }: { publicUrl: string; smtpUrl: string | undefined },
  setUpLink: string | undefined,
) {
  const lines = [`Muster is running at ${publicUrl}/`];
  if (!smtpUrl) lines.push(`Emails land in the built-in mailbox until SMTP_URL is set: ${publicUrl}/mailbox`);
  if (setUpLink) lines.push("", "Set it up (this link works once, within 24 hours):", `  ${setUpLink}`);
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n\n`;
}

main().catch((error: unknown) => {
  // What an operator can mend is said in words; for everything else the stack is what helps.
  const expected =
    error instanceof ConfigError || (error instanceof Error && error.name === "DatabaseNotReady");
  process.stderr.write(
    `\nMuster cannot start.\n\n${expected ? (error as Error).message : (error as Error).stack}\n\n`,
  );
  process.exit(1);
});
