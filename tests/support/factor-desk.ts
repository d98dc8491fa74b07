import { generateSync } from "otplib";
import { expect } from "vitest";
import type { OwnFactors } from "#server/features/second-factors/contract.ts";
import type { Me, SignInFacts } from "#server/features/sign-in/contract.ts";
import type { TestDatabase } from "./database.ts";
import { softPasskey } from "./soft-passkey.ts";
import { type TestPerson, testPassword } from "./tenant.ts";
import { tenantForEach } from "./tenant-for-each.ts";
import { type Visitor, visitor } from "./visitor.ts";

/** Where passkeys of these tests are made and used. */
export const here = { rpId: "people.example.org", origin: "https://people.example.org" };

/** The code of a time step: of now, or so many half minutes from now. */
export const codeOf = (secret: string, steps = 0) =>
  generateSync({ secret, epoch: Date.now() / 1000 + 30 * steps });

export const beginSetUp = async (person: TestPerson) =>
  (await person.call<{ secret: string; setUp: string }>("POST", "/me/authenticator/begin")).body;

/** Sets up an authenticator app just now. */
export async function setUpNow(person: TestPerson) {
  const { secret, setUp } = await beginSetUp(person);
  const code = codeOf(secret);
  const answer = await person.call<{ recoveryCodes: string[] }>("POST", "/me/authenticator", { setUp, code });
  expect(answer.status).toBe(200);
  return { secret, code, recoveryCodes: answer.body.recoveryCodes };
}

type BegunPasskey = { options: { challenge: string; excludeCredentials: { id: string }[] }; setUp: string };
export type SoftPasskey = ReturnType<typeof softPasskey>;

export const beginPasskey = async (person: TestPerson) =>
  (await person.call<BegunPasskey>("POST", "/me/passkeys/begin")).body;

export async function addPasskey(person: TestPerson, name: string, passkey = softPasskey()) {
  const { options, setUp } = await beginPasskey(person);
  const made = passkey.create({ ...here, challenge: options.challenge });
  const body = { setUp, name, passkey: made };
  const answer = await person.call<{ recoveryCodes: string[] }>("POST", "/me/passkeys", body);
  expect(answer.status).toBe(200);
  return { passkey, recoveryCodes: answer.body.recoveryCodes };
}

export const ownFactors = async (person: TestPerson) =>
  (await person.call<OwnFactors>("GET", "/me/second-factors")).body;

const finish = (browser: Visitor, factor: object) =>
  browser.call<Me>("POST", "/session/second-factor", factor);
export const giveCode = (browser: Visitor, code: string) => finish(browser, { way: "authenticator", code });
export const giveRecovery = (browser: Visitor, code: string) =>
  finish(browser, { way: "recovery_code", code });
export const givePasskey = (browser: Visitor, passkey: ReturnType<SoftPasskey["get"]>) =>
  finish(browser, { way: "passkey", passkey });

type Asked = { challenge: string; allowCredentials: { id: string }[] };
export const askPasskey = async (browser: Visitor) =>
  (await browser.call<Asked>("POST", "/session/second-factor/passkey")).body;

/** For a test file about second factors: one installation, and a new tenant for each test. */
export function factorDesk() {
  const { installation, tenant } = tenantForEach({ LOG_LEVEL: "silent", PUBLIC_URL: here.origin });
  const query: TestDatabase["query"] = (text, values) => installation.database.query(text, values);

  /** As if the code that was given last were that of half a minute before. */
  const letCodePass = ({ id }: TestPerson) =>
    query("update authenticators set last_step = last_step - 1 where user_id = $1", [id]);

  /** As if it had been half a minute ago: the code of now is still to be used. */
  async function setUp(person: TestPerson) {
    const made = await setUpNow(person);
    await letCodePass(person);
    return made;
  }

  /** A browser in which somebody who has a second factor has given the right password. */
  async function begin({ email }: TestPerson, password = testPassword, at = tenant.slug): Promise<Visitor> {
    const browser = visitor(installation, at);
    expect((await browser.signIn(email, password)).body).toHaveProperty("secondFactor.ways[0]");
    return browser;
  }

  const actions = async (personId: string) =>
    (
      await query<{ action: string }>(
        "select action from audit_events where tenant_id = $1 and target_id = $2 order by at, id",
        [tenant.id, personId],
      )
    ).map(({ action }) => action);

  const mailed = async (personId: string) =>
    (
      await query<{ kind: string }>(
        "select kind from messages where tenant_id = $1 and user_id = $2 order by created_at, id",
        [tenant.id, personId],
      )
    ).map(({ kind }) => kind);

  const somebodyWaits = async () =>
    (
      await query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    ).length > 0;

  const demand = async (secondFactor: string) => {
    const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
    expect((await tenant.owner.call("PATCH", "/settings", { secondFactor, version })).status).toBe(200);
  };

  /** As if it were a while since anybody gave their password. */
  const letTimePass = () => query("update sessions set confirmed_at = now() - interval '11 minutes'");

  /** What an administrator sees of somebody's second factors. */
  const factsOf = async ({ id }: TestPerson) =>
    (await tenant.owner.call<SignInFacts>("GET", `/users/${id}/sign-in`)).body.secondFactors;

  return {
    installation,
    tenant,
    query,
    letCodePass,
    setUp,
    begin,
    actions,
    mailed,
    somebodyWaits,
    demand,
    letTimePass,
    factsOf,
  };
}
