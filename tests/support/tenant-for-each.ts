import { afterAll, beforeAll, beforeEach } from "vitest";
import { type TestInstallation, testInstallation } from "./installation.ts";
import { standIn } from "./stand-in.ts";
import { type TestPerson, type TestTenant, testTenant } from "./tenant.ts";

type Here = {
  installation: TestInstallation;
  /** Of the test that is running. */
  tenant: TestTenant;
  owner: TestPerson;
  /** The test goes on in a new one. */
  nextTenant(): Promise<void>;
};

/** For a test file: one installation, and a new tenant for each test. */
export function tenantForEach(environment?: Record<string, string>): Here {
  let installation: TestInstallation;
  let tenant: TestTenant;
  const nextTenant = async () => {
    tenant = await testTenant(installation);
  };
  beforeAll(async () => {
    installation = await testInstallation(environment);
  });
  beforeEach(nextTenant);
  afterAll(() => installation?.close());
  return {
    installation: standIn(() => installation),
    tenant: standIn(() => tenant),
    owner: standIn(() => tenant.owner),
    nextTenant,
  };
}
