import { afterAll, beforeAll, expect } from "vitest";
import { type TestInstallation, testInstallation } from "./installation.ts";
import { type SmtpSink, smtpSink } from "./smtp-sink.ts";
import { standIn } from "./stand-in.ts";
import type { TestTenant } from "./tenant.ts";

type Here = {
  /** The installation's mail server. */
  common: SmtpSink;
  installation: TestInstallation;
  /** Has a tenant send by a server of its own, of which its owners are told. */
  chooseServer(tenant: TestTenant, more?: { port: number }): Promise<void>;
};

/** For a test file: an installation with a mail server, whose tenants may choose their own. No job runs unless a test has it run. */
export function commonServer(): Here {
  let common: SmtpSink;
  let installation: TestInstallation;
  beforeAll(async () => {
    common = await smtpSink();
    installation = await testInstallation({
      SMTP_URL: common.url,
      MAIL_TENANT_SERVERS: "any",
      LOG_LEVEL: "silent",
    });
  });
  afterAll(async () => {
    // Before what its emails hang at is stopped: they are cut off when Muster stops.
    await installation?.close();
    await common?.stop();
  });
  return {
    common: standIn(() => common),
    installation: standIn(() => installation),
    chooseServer: async (tenant, more) => {
      const server = {
        fromAddress: "people@northwind.example",
        host: "127.0.0.1",
        port: 2525,
        security: "none",
        user: "muster",
        password: "a secret of ours",
        ...more,
      };
      const put = await tenant.owner.call("PUT", "/mail-server", { server, revision: null });
      expect(put.status).toBe(200);
    },
  };
}
