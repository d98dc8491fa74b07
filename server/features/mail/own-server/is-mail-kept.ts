import type { Context } from "#server/context.ts";
import { readKeptServer } from "./store-servers.ts";

/** Neither the tenant nor the installation has a mail server: emails stay in the built-in mailbox. */
export const isMailKept = async ({ tx, tenantId, instance }: Context): Promise<boolean> =>
  instance.config.smtpUrl === undefined && !(await readKeptServer(tx, tenantId));
