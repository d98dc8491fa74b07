import { routes } from "./app.ts";
import { buildHttp } from "./build-http.ts";
import { makeSetUpLink } from "./features/sign-in/set-up.ts";
import { activeSlugs } from "./features/tenants/store.ts";
import { greeting, listedTenants } from "./greeting.ts";
import { type Installation, openInstallation } from "./open-installation.ts";
import { ConfigError, readConfig } from "./platform/config/config.ts";
import { DatabaseNotReady } from "./platform/db/database-not-ready.ts";
import { stopOnSignal } from "./platform/http/stop-on-signal.ts";
import { openTransport } from "./platform/smtp/transport.ts";
import { runBackground } from "./run-background.ts";

async function main() {
  const installation = await openInstallation(readConfig(process.env));
  const { config } = installation.instance;
  const [http, background] = await Promise.all([
    buildHttp(installation, routes),
    runBackground(installation.seed),
  ]);
  stopOnSignal(async () => {
    await http.close();
    await background.stop();
    await installation.close();
  });
  await http.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    const why = error.code === "EACCES" ? "may not be used by this user" : "is in use by another program";
    throw new ConfigError(
      `Port ${config.port} on ${config.host} ${why}. Choose another one, for example PORT=3001`,
    );
  });
  const setUpLink = await makeSetUpLink(installation);
  const slugs = await installation.database.asSystem("where people sign in", (tx) =>
    activeSlugs(tx, listedTenants + 1),
  );
  process.stdout.write(greeting({ ...config, setUpLink, slugs }));
  const trouble = await tryMailServer(installation);
  if (trouble)
    process.stdout.write(
      `  The mail server of SMTP_URL is in trouble; emails wait until it is not:\n  ${trouble}\n\n`,
    );
}

/** What is wrong with the mail server, if anything is: better said now than found in the list of messages. */
async function tryMailServer({ instance: { config }, log }: Installation) {
  if (!config.smtpUrl) return undefined;
  const transport = openTransport({ server: config.smtpUrl, connections: 1, log });
  const trouble = await transport.verify();
  transport.close();
  return trouble;
}

main().catch((error: unknown) => {
  // What an operator can mend is said in words; for everything else the stack is what helps.
  const expected = error instanceof ConfigError || error instanceof DatabaseNotReady;
  process.stderr.write(
    `\nMuster cannot start.\n\n${expected ? (error as Error).message : ((error as Error).stack ?? error)}\n\n`,
  );
  process.exit(1);
});
