import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "#server/features/audit/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { ownerPassword, setUpTenant } from "#tests/support/portal-client.ts";
import { goTo, see, seeGone, signInAt } from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

/** Somebody's name is wrong, and an administrator finds out who changed it, when and from what. */
let muster: MusterProcess;
let browser: OpenBrowser;
let admin: Page;

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  const owner = await setUpTenant(muster, "northwind");
  await owner.call("POST", "/groups", { name: "Choir" });
  const invite = async (firstName: string, lastName: string) => {
    const email = `${firstName.toLowerCase()}@northwind.example`;
    const person = { mode: "invite", firstName, lastName, email, groupIds: [] };
    return (await owner.call<User>("POST", "/users", person)).body;
  };
  const eva = await invite("Eva", "Berg");
  await invite("Bela", "Cruz");
  await owner.call("PATCH", `/users/${eva.id}`, { version: eva.version, lastName: "Burg" });
  admin = await browser.window();
  const olga = { email: "olga@northwind.example", password: ownerPassword };
  await signInAt(admin, `${muster.address}/t/northwind/sign-in`, olga);
  await see(admin.getByRole("heading", { name: "Home" }));
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

const events = () => admin.getByRole("table", { name: "Audit events" });
const sentences = () =>
  events()
    .getByRole("button", { name: /^Details: / })
    .evaluateAll((all) => all.map((button) => button.ariaLabel?.replace("Details: ", "")));
const seeSentences = (...wanted: string[]) => expect.poll(sentences).toEqual(wanted);

test("everything that was done stands there, the newest first, in plain words", async () => {
  await goTo(admin, "Audit");
  await seeSentences(
    "Signed in",
    "Changed the last name of Eva Burg",
    "Invited Bela Cruz",
    "Invited Eva Burg",
    "Created the group Choir",
    "Set up Muster",
  );
});

test("a row opens what was before and after, by keyboard too, and stays open in a link", async () => {
  const toggle = events().getByRole("button", { name: "Details: Changed the last name of Eva Burg" });
  await toggle.focus();
  await admin.keyboard.press("Enter");
  await see(admin.getByText("Berg", { exact: true }));
  await see(admin.getByText("Burg", { exact: true }));
  await admin.keyboard.press("ArrowDown");
  await expect
    .poll(() => admin.evaluate(() => document.activeElement?.ariaLabel))
    .toBe("Details: Invited Bela Cruz");
  await admin.reload();
  await see(admin.getByText("Berg", { exact: true }));
  await toggle.click();
  await seeGone(admin.getByText("Berg", { exact: true }));
});

test("whom, what and who narrow it down; the address is the search", async () => {
  await admin.getByRole("button", { name: "Whom: anybody" }).click();
  await admin.getByRole("textbox", { name: "Find a person" }).fill("eva");
  await admin.getByRole("option", { name: /^Eva Burg/ }).click();
  await seeSentences("Changed the last name of Eva Burg", "Invited Eva Burg");
  await see(admin.getByRole("button", { name: "Whom: Eva Burg" }));

  const address = admin.url();
  await admin.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(async () => (await sentences()).length).toBe(6);
  await admin.getByLabel("What", { exact: true }).selectOption("Groups");
  await seeSentences("Created the group Choir");
  await admin.goBack();
  await expect.poll(async () => (await sentences()).length).toBe(6);
  await admin.goto(address);
  await seeSentences("Changed the last name of Eva Burg", "Invited Eva Burg");
});

test("a day on which nothing happened shows nothing, and the way back to everything", async () => {
  await goTo(admin, "Audit");
  await admin.getByLabel("To day").fill("2001-01-01");
  await see(admin.getByRole("heading", { name: "Nothing matches" }));
  await admin.getByRole("button", { name: "Show everything" }).click();
  await expect.poll(async () => (await sentences()).length).toBe(6);
});

test("a failed sign-in is found by where it came from, with the address that was typed", async () => {
  const stranger = await browser.window();
  await signInAt(stranger, `${muster.address}/t/northwind/sign-in`, {
    email: "nobody@example.org",
    password: "a wrong password",
  });
  await see(stranger.getByText("do not fit together"));
  await goTo(admin, "Audit");
  await admin.getByLabel("What", { exact: true }).selectOption("Failed sign-ins");
  await seeSentences("Failed to sign in as nobody@example.org");
  await admin.getByRole("button", { name: /^Details: / }).click();
  await admin.getByRole("button", { name: "Show everything from there" }).click();
  await expect.poll(() => admin.getByLabel("From where").inputValue()).toMatch(/^(127\.0\.0\.1|::1)$/);
});

test("a person's page has their history, and leads on to all of it", async () => {
  await goTo(admin, "Users");
  await admin.getByRole("link", { name: "Burg, Eva" }).click();
  const history = admin.getByRole("region", { name: "History" });
  await see(history.getByRole("link", { name: "Invited Eva Burg" }));
  await history.getByRole("link", { name: "Their history in the audit log" }).click();
  await seeSentences("Changed the last name of Eva Burg", "Invited Eva Burg");
});

test("what matches is downloaded, and that is recorded", async () => {
  await admin.getByRole("button", { name: "Export what matches" }).click();
  const [download] = await Promise.all([
    admin.waitForEvent("download"),
    admin.getByRole("menuitem", { name: /JSON/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("audit.json");
  const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as AuditEvent[];
  expect(saved.map(({ action }) => action)).toEqual(["user.changed", "user.invited"]);
  await goTo(admin, "Audit");
  await expect.poll(async () => (await sentences())[0]).toBe("Exported audit events as JSON");
});

test("somebody without the permission does not see the place and is refused the page", async () => {
  const other = await browser.window();
  await other.context().addCookies(await admin.context().cookies());
  await muster.query(
    "update users set role = 'user_administrator' where email_key = 'olga@northwind.example'",
  );
  await other.goto(`${muster.address}/t/northwind/audit`);
  await see(other.getByRole("heading", { name: "You have no permission for this page" }));
  expect(
    await other.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" }).count(),
  ).toBe(0);
});

test("nothing went wrong in the pages' own code", () => {
  expect(browser.troubles).toEqual([]);
});
