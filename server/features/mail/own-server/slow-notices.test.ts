import { expect, test } from "vitest";
import { commonServer } from "#tests/support/common-server.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

/** The installation's server hangs at owners who are told that their tenant's server was changed. */
const { common, installation, chooseServer } = commonServer();

/** As many as any lane has workers. */
const slowTenants = 4;

test("notices that the installation's server never answers keep no other tenant's emails waiting", async () => {
  const other = await testTenant(installation);
  const hung: string[] = [];
  common.onRecipient = (address) => {
    if (address === other.owner.email || address.startsWith("person@")) return "accept";
    hung.push(address);
    return "hang";
  };
  await installation.startJobs({ ...quickTiming, hangMs: 50, replyMs: 600_000 });
  for (let n = 0; n < slowTenants; n += 1) await chooseServer(await testTenant(installation));
  await until(() => hung.length >= slowTenants, "as many notices hang as there are workers");
  const person = { mode: "invite", firstName: "Ann", lastName: "Example", groupIds: [] };
  for (const email of ["person@one.example", "person@two.example"]) {
    expect((await other.owner.call("POST", "/users", { ...person, email })).status).toBe(201);
    await until(() => common.mails.some(({ recipient }) => recipient === email), `the email to ${email}`);
  }
});
