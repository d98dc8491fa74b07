import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { goTo, ownerPassword, rowOf, see, setUpInBrowser, signInAt } from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { until } from "#tests/support/until.ts";

/** An administrator looks in the morning how things stand. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;
/** The scripts this window has loaded. */
const scripts: string[] = [];

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  page = await browser.window();
  page.on("request", (request) => scripts.push(new URL(request.url()).pathname));
  await setUpInBrowser(page, muster);
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

const section = (name: string) => page.getByRole("region", { name });
const pathAndSearch = () => {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
};

test("a new tenant is told what to do first, and finds Home by the keyboard", async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await see(page.getByRole("heading", { name: "Home", level: 1 }));
  await see(section("People").getByText("From tomorrow on"));
  await section("Begin here").getByRole("link", { name: "Add somebody" }).click();
  const form = page.getByRole("dialog", { name: "Add User" });
  await form.getByText("Invite User").click();
  await form.getByLabel("First name").fill("Eva");
  await form.getByLabel("Last name").fill("Berg");
  await form.getByLabel("Email", { exact: true }).fill("eva@northwind.example");
  await form.getByRole("button", { name: "New User" }).click();
  await see(rowOf(page, "eva@northwind.example"));
  await goTo(page, "Home");
  await see(section("People").getByRole("link", { name: /Invited\s*1/ }));
  expect(await section("Begin here").count()).toBe(0);
});

test("what needs attention leads to whom it is about", async () => {
  const attention = section("Needs attention").getByRole("link");
  expect(await attention.allTextContents()).toEqual([
    "There is no mail server yet: nobody gets the emails that are written",
  ]);
  const unsent = () => muster.query("select from messages where state <> 'accepted'");
  await until(async () => (await unsent()).length === 0, "the invitation to be sent");
  await page.reload();
  // There is no mail server: whatever was written lies in the built-in mailbox.
  await see(section("Undelivered email").getByRole("link", { name: /In the mailbox\s*1/ }));
  await muster.query("update links set expires_at = now() - interval '1 day' where purpose = 'invitation'");
  await muster.query("update messages set state = 'refused', last_reply = '550 No such user'");
  await page.reload();
  await section("Needs attention")
    .getByRole("link", { name: "The invitation of 1 person has run out" })
    .click();
  await see(rowOf(page, "eva@northwind.example"));
  expect(pathAndSearch()).toBe("/t/northwind/users?status=invited&expired=true");
  await page.goBack();
  await section("Needs attention").getByRole("link", { name: "The last email to 1 person did not" }).click();
  await see(rowOf(page, "eva@northwind.example"));
  expect(pathAndSearch()).toBe("/t/northwind/users?failed=true");
  await page.goBack();
  await muster.query(
    "update users set deleted_at = now(), erase_at = now() + interval '6 days' where email like 'eva@%'",
  );
  await page.reload();
  await section("Needs attention").getByRole("link", { name: "1 person will be erased for good" }).click();
  await see(rowOf(page, "eva@northwind.example"));
  expect(pathAndSearch()).toBe("/t/northwind/users/deleted?soon=true&sort=erase");
  await see(page.getByRole("columnheader", { name: "Erased on" }).and(page.locator("[aria-sort=ascending]")));
  await muster.query("update users set deleted_at = null, erase_at = null");
  await page.goBack();
  await section("Undelivered email").getByRole("link", { name: "Refused" }).click();
  await see(rowOf(page, "eva@northwind.example"));
  expect(pathAndSearch()).toBe("/t/northwind/messages?state=refused");
});

test("the chart comes with its table, and only where it is shown", async () => {
  expect(scripts.filter((path) => path.includes("days-chart"))).toEqual([]);
  await muster.query("insert into user_counts_daily select id, current_date - 3, 41, 0, 41, 0 from tenants");
  await goTo(page, "Home");
  await page.reload();
  await see(page.getByRole("img", { name: /People by status over time.*41 people.*2 people/ }));
  expect(scripts.some((path) => path.includes("days-chart"))).toBe(true);
  await section("People").getByText("Table", { exact: true }).click();
  const rows = page.getByRole("table", { name: "People by status on each day" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(5);
  expect(await rows.last().getByRole("cell").allTextContents()).toEqual(["41", "41", "0", "0"]);
  await page.reload();
  await see(page.getByRole("table"));
  expect(pathAndSearch()).toBe("/t/northwind/home?table=true");
});

test("after signing in, Home is the first screen", async () => {
  const window = await browser.window();
  await signInAt(window, `${muster.address}/t/northwind`, {
    email: "olga@northwind.example",
    password: ownerPassword,
  });
  await see(window.getByRole("heading", { name: "Home", level: 1 }));
  expect(browser.troubles).toEqual([]);
});
