import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Group } from "#server/features/groups/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { ownerPassword, type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { goTo, passwordField, rowOf, see, seeGone, signInAt } from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

/** One person's administration: deleted by mistake and restored, erased, changed by two at once, made the owner. */
let muster: MusterProcess;
let browser: OpenBrowser;
let owner: PortalClient;
let page: Page;
const ids: Record<string, string> = {};

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  owner = await setUpTenant(muster, "northwind");
  const choir = (await owner.call<Group>("POST", "/groups", { name: "Choir" })).body;
  for (const [firstName, lastName] of [
    ["Eva", "Berg"],
    ["Bela", "Cruz"],
  ] as const) {
    const email = `${firstName.toLowerCase()}@northwind.example`;
    const person = { mode: "create", password: "quiet river stone", firstName, lastName, email };
    const made = await owner.call<User>("POST", "/users", { ...person, groupIds: [choir.id] });
    ids[firstName] = made.body.id;
  }
  page = await browser.window();
  await signInAt(page, `${muster.address}/t/northwind/sign-in`, {
    email: "olga@northwind.example",
    password: ownerPassword,
  });
  await see(page.getByRole("navigation", { name: "Main" }));
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

const dialog = (name: string) => page.getByRole("dialog", { name });
const openPerson = async (name: string, lastName: string) => {
  await goTo(page, "Users");
  await page.getByRole("link", { name: `${lastName}, ${name}` }).click();
  await see(page.getByRole("heading", { name: `${name} ${lastName}` }));
};
const choose = async (name: string, item: string) => {
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const toDeleted = async () => {
  await goTo(page, "Users");
  await page.getByRole("button", { name: "More about users" }).click();
  await page.getByRole("menuitem", { name: "Deleted users" }).click();
  await see(page.getByRole("heading", { name: "Deleted users", level: 1 }));
};

test("somebody deleted by mistake is found among the deleted and restored with their groups", async () => {
  await toDeleted();
  await see(page.getByRole("heading", { name: "Nobody has been deleted" }));
  await openPerson("Eva", "Berg");
  await choose("Eva Berg", "Delete");
  await see(dialog("Delete Eva Berg?").getByText("Within 30 days you can restore them"));
  await dialog("Delete Eva Berg?").getByRole("button", { name: "Delete" }).click();
  await see(page.getByText("Eva Berg was deleted."));
  await page.getByRole("button", { name: "Undo" }).click();
  await see(page.getByText("Eva Berg is back."));
  await owner.call("DELETE", `/users/${ids.Eva}`);
  await toDeleted();
  await page.reload();
  const search = page.getByLabel("Search deleted users");
  await search.fill("nobody");
  await see(page.getByRole("heading", { name: "Nobody matches" }));
  await search.fill("berg eva@north");
  const row = rowOf(page, "eva@northwind.example");
  await see(row);
  await page.reload();
  expect(await search.inputValue()).toBe("berg eva@north");
  await row.getByRole("button", { name: "Restore" }).click();
  await see(page.getByText("Eva Berg is back."));
  await seeGone(row);
  await openPerson("Eva", "Berg");
  await see(page.getByRole("link", { name: "Choir" }));
});

test("erasing at once asks for the address, and then they are gone for good", async () => {
  await owner.call("DELETE", `/users/${ids.Bela}`);
  await toDeleted();
  await page.reload();
  const erase = dialog("Erase Bela Cruz for good?");
  await rowOf(page, "bela@northwind.example").getByRole("button", { name: "Erase now" }).click();
  await erase.getByRole("button", { name: "Erase" }).click();
  await see(erase.getByText("Type bela@northwind.example."));
  await erase.getByLabel("Type bela@northwind.example to confirm").fill("bela@northwind.example");
  await expect
    .poll(() => muster.query("select 1 from messages where user_id = $1 and state = 'sending'", [ids.Bela]), {
      timeout: 20_000,
    })
    .toEqual([]);
  await erase.getByRole("button", { name: "Erase" }).click();
  await see(page.getByText("Everything about Bela Cruz has been erased."));
  expect(await muster.query("select 1 from users where id = $1", [ids.Bela])).toEqual([]);
});

test("two administrators at once: the second sees what the first changed, and takes it over or not", async () => {
  await openPerson("Eva", "Berg");
  await page.getByRole("button", { name: "Edit" }).click();
  const form = dialog("Edit user");
  await form.getByLabel("First name").fill("Evelyn");
  const { body } = await owner.call<User>("GET", `/users/${ids.Eva}`);
  await owner.call("PATCH", `/users/${ids.Eva}`, {
    version: body.version,
    firstName: "Ewa",
    lastName: "Berg-Lund",
  });
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("button", { name: "Load their changes, keep mine" }).click();
  const changes = form.getByRole("list", { name: "What somebody else changed" });
  await see(changes.getByText("Last name: Berg → Berg-Lund"));
  await see(changes.getByText("First name: Eva → Ewa"));
  expect(await form.getByLabel("First name").inputValue()).toBe("Evelyn");
  expect(await form.getByLabel("Last name").inputValue()).toBe("Berg-Lund");
  await changes.getByRole("button", { name: "Take their first name" }).click();
  expect(await form.getByLabel("First name").inputValue()).toBe("Ewa");
  await form.getByLabel("First name").fill("Evelyn");
  await form.getByRole("button", { name: "Save" }).click();
  await see(page.getByRole("heading", { name: "Evelyn Berg-Lund" }));
});

test("sessions are seen and ended, a lockout is lifted", async () => {
  const eva = { email: "eva@northwind.example", password: "quiet river stone" };
  const there = await browser.window();
  await signInAt(there, `${muster.address}/t/northwind/sign-in`, eva);
  await see(there.getByRole("heading", { name: /password/i }));
  const sessions = page.getByRole("list", { name: "Sessions" });
  await page.reload();
  await sessions.getByRole("button", { name: /^Sign out of Chrome/ }).click();
  await see(page.getByText("Not signed in anywhere at the moment."));
  await there.reload();
  await see(there.getByRole("button", { name: "Sign in", exact: true }));
  const stranger = { email: eva.email, password: "a wrong password" };
  for (let n = 0; n < 11; n++) await owner.call("POST", "/session", stranger).catch(() => {});
  await page.reload();
  await page.getByRole("button", { name: "Lift the lockout" }).click();
  await see(page.getByText("Evelyn Berg-Lund can try again at once."));
  await seeGone(page.getByRole("button", { name: "Lift the lockout" }));
});

test("everybody chooses the language of their own emails", async () => {
  await page.goto(`${muster.address}/t/northwind/me`);
  const language = page.getByLabel("Language of emails");
  await language.selectOption("Deutsch");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await see(page.getByText("Emails come in Deutsch from now on."));
  await page.reload();
  expect(await language.inputValue()).toBe("de");
  await language.selectOption("As my organisation (English)");
  await page.getByRole("button", { name: "Save" }).click();
  await see(page.getByText("Emails come in English from now on."));
  expect(await muster.query("select 1 from users where language is not null")).toEqual([]);
  await openPerson("Evelyn", "Berg-Lund");
});

test("ownership goes to nobody who has not chosen a password, and says so", async () => {
  await choose("Evelyn Berg-Lund", "Hand over ownership");
  const notYet = dialog("Evelyn Berg-Lund cannot become an owner yet");
  await see(notYet.getByText(/no password of their own at the moment/));
  await notYet.getByRole("button", { name: "Close" }).click();
  await seeGone(notYet);
  const there = await browser.window();
  await signInAt(there, `${muster.address}/t/northwind/sign-in`, {
    email: "eva@northwind.example",
    password: "quiet river stone",
  });
  await passwordField(there, "Password you were given").fill("quiet river stone");
  await passwordField(there, "New password").fill("loud mountain stream");
  await there.getByRole("button", { name: "Change password" }).click();
  await seeGone(there.getByRole("button", { name: "Change password" }));
});

test("ownership is handed over in one step, after typing whom to", async () => {
  await choose("Evelyn Berg-Lund", "Hand over ownership");
  const question = dialog("Hand ownership over to Evelyn Berg-Lund?");
  await question.getByLabel("Your role from then on").selectOption("User administrator");
  await question.getByLabel(/^Type eva@/).fill("eva@northwind.example");
  await question.getByRole("button", { name: "Hand over" }).click();
  await see(page.getByText("Your role is User administrator."));
  expect(
    await muster.query("select email, role from users where role <> 'member' order by email", []),
  ).toEqual([
    { email: "eva@northwind.example", role: "owner" },
    { email: "olga@northwind.example", role: "user_administrator" },
  ]);
  expect(browser.troubles).toEqual([]);
});
