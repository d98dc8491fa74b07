import { text } from "node:stream/consumers";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import {
  createGroup,
  goTo,
  ownerPassword,
  see,
  seeGone,
  setUpInBrowser,
  signInAt,
} from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

/** Many users at once, as somebody does it who has a list to work through. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;
const everybody = 60;

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  page = await browser.window();
  await setUpInBrowser(page, muster);
  const added = await page.evaluate(async (many) => {
    const answers = Array.from({ length: many }, (_, no) =>
      fetch("/api/v1/t/northwind/users", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          mode: "invite",
          firstName: `Anna${String(no).padStart(2, "0")}`,
          lastName: "Berg",
          email: `anna${no}@northwind.example`,
        }),
      }).then(({ status }) => status),
    );
    return new Set(await Promise.all(answers)).size;
  }, everybody);
  expect(added).toBe(1);
  await goTo(page, "Groups");
  await createGroup(page, { name: "Staff" });
});
afterAll(async () => {
  expect(browser?.troubles).toEqual([]);
  await browser?.close();
  await muster?.stop();
});

const bar = () => page.getByRole("region", { name: "Selection" });
const banner = (of: Page = page) => of.getByRole("region", { name: "Bulk action" });
const loaded = () => see(page.getByRole("checkbox", { name: /^Select Anna/ }));
const choose = async (name: string) => {
  await bar().getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
};

test("everybody who matches is put into a group; the result outlives a reload and is undone", async () => {
  await page.goto(`${muster.address}/t/northwind/users?status=invited`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await see(bar().getByText("50 selected"));
  await bar()
    .getByRole("button", { name: `Select all ${everybody} that match` })
    .click();
  await page.getByRole("checkbox", { name: "Select Anna00 Berg" }).uncheck();
  await see(bar().getByText("59 selected"));

  await bar().getByRole("button", { name: "Add to groups" }).click();
  const dialog = page.getByRole("dialog", { name: "Add to groups" });
  const groups = dialog.getByRole("combobox", { name: "Groups" });
  await expect.poll(() => groups.evaluate((field) => field === document.activeElement)).toBe(true);
  await groups.fill("Staff");
  await page.getByRole("option", { name: "Staff" }).click();
  await see(dialog.getByText("and 56 more"));
  await dialog.getByRole("button", { name: "Add 59 people to Staff" }).click();
  await seeGone(dialog);
  await see(banner().getByText("59 people added to Staff"));

  await page.reload();
  await goTo(page, "Groups");
  await see(page.getByRole("row").filter({ hasText: "Staff" }).getByText("59"));
  await banner().getByRole("link", { name: "Who" }).click();
  await see(page.getByRole("heading", { name: "59 people added to Staff" }));
  await see(page.getByRole("link", { name: "Anna01 Berg" }));
  await banner().getByRole("button", { name: "Undo" }).click();
  await see(banner().getByText("Undone: 59 people taken out of Staff again"));
  await banner().getByRole("button", { name: "Dismiss" }).click();
  await seeGone(banner());
  expect(await muster.query("select 1 from memberships")).toEqual([]);
});

test("what would change nothing about those who are ticked says why; of everybody who matches nobody knows yet", async () => {
  await page.goto(`${muster.address}/t/northwind/users?status=invited`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select Anna03 Berg" }).check();
  await bar().getByRole("button", { name: "More" }).press("Enter");
  const item = page.getByRole("menuitem", { name: "Reactivate" });
  await see(item.getByText("Nobody ticked is suspended."));
  expect(await item.getAttribute("aria-disabled")).toBe("true");
  await item.press("Enter");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("menuitem", { name: "Resend invitation" }).click();
  await see(page.getByRole("dialog", { name: "Resend invitation" }));
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await bar()
    .getByRole("button", { name: `Select all ${everybody} that match` })
    .click();
  await choose("Reactivate");
  await see(page.getByRole("dialog", { name: "Reactivate" }));
  await page.keyboard.press("Escape");
  await bar().getByRole("button", { name: "Clear selection" }).click();
});

test("those who are ticked, on whatever page, are what is exported", async () => {
  await page.goto(`${muster.address}/t/northwind/users?status=invited`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select Anna03 Berg" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("checkbox", { name: "Select Anna55 Berg" }).check();
  await see(bar().getByText("2 selected"));
  await bar().getByRole("button", { name: "Export" }).click();
  await see(page.getByText("Export 2 people as"));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("users.csv");
  const lines = (await text(await download.createReadStream())).trim().split("\r\n").slice(1);
  expect(lines.map((line) => line.split(",", 1)[0]).sort()).toEqual(["Anna03", "Anna55"]);
  await see(bar().getByText("2 selected"));
  await bar().getByRole("button", { name: "Clear selection" }).click();
});

test("by keyboard: a question asked by a menu gives the focus back to that menu's button, else to the page", async () => {
  await page.goto(`${muster.address}/t/northwind/users?status=invited`);
  await loaded();
  const holdsFocus = (locator: Locator) =>
    expect.poll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByRole("checkbox", { name: "Select Anna03 Berg" }).press("Space");
  const more = bar().getByRole("button", { name: "More" });
  const dialog = page.getByRole("dialog", { name: "Suspend" });
  const ask = async () => {
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Suspend", exact: true }).press("Enter");
    await see(dialog);
  };
  await ask();
  await page.keyboard.press("Escape");
  await seeGone(dialog);
  await holdsFocus(more);
  await ask();
  await dialog.getByRole("button", { name: "Suspend 1 person" }).press("Enter");
  await seeGone(dialog);
  // The bar with its menu is gone with those who were ticked.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
  await banner().getByRole("button", { name: "Undo" }).press("Enter");
  await see(banner().getByText("Undone: 1 person let in again"));
  await holdsFocus(banner());
  await page.keyboard.press("Tab");
  await holdsFocus(banner().getByRole("link", { name: "Who" }));
  await banner().getByRole("button", { name: "Dismiss" }).press("Enter");
  await seeGone(banner());
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
});

test("by keyboard: many are suspended only once it is typed that this is meant", async () => {
  await page.goto(`${muster.address}/t/northwind/users`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select this page" }).press("Space");
  await choose("Suspend");
  const dialog = page.getByRole("dialog", { name: "Suspend" });
  await see(dialog.getByText("more than 20 %"));
  const suspend = dialog.getByRole("button", { name: /^Suspend \d+ people$/ });
  await suspend.press("Enter");
  await see(dialog.getByRole("alert").getByText("Nothing was done"));
  await dialog.getByLabel("Type northwind to confirm").fill("northwind");
  await suspend.press("Enter");
  await see(banner().getByText(/people suspended$/));
});

test("of two browsers the second is shown what has changed before anything is done", async () => {
  const other = await browser.window();
  await signInAt(other, `${muster.address}/t/northwind/sign-in`, {
    email: "olga@northwind.example",
    password: ownerPassword,
  });
  await see(banner(other).getByText(/people suspended$/));
  await page.goto(`${muster.address}/t/northwind/users?status=suspended`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await choose("Reactivate");
  const dialog = page.getByRole("dialog", { name: "Reactivate" });
  const reactivate = dialog.getByRole("button", { name: /^Reactivate \d+ people$/ });
  await see(reactivate);
  const before = await reactivate.textContent();
  await banner(other).getByRole("button", { name: "Undo" }).click();
  await see(banner(other).getByText(/^Undone: \d+ people let in again$/));
  await reactivate.click();
  await see(dialog.getByText("There is nobody for whom this would change anything."));
  expect(before).not.toBe(await dialog.getByRole("button", { name: /^Reactivate/ }).textContent());
});

test("people deleted by mistake are brought back together, from the page of what deleted them", async () => {
  await page.goto(`${muster.address}/t/northwind/users?search=anna5`);
  await loaded();
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await choose("Delete");
  const dialog = page.getByRole("dialog", { name: "Delete" });
  await see(dialog.getByText("For 30 days you can undo it"));
  await dialog.getByRole("button", { name: "Delete 11 people" }).click();
  await see(banner().getByText("11 people deleted"));
  await page.getByRole("button", { name: "More about users" }).click();
  await page.getByRole("menuitem", { name: "Bulk actions" }).click();
  const listed = page.getByRole("table", { name: "Bulk actions" }).getByRole("row");
  await page.getByLabel("State").selectOption("Running");
  await see(page.getByText("No bulk action matches"));
  await page.getByRole("button", { name: "Show all bulk actions" }).click();
  await page.getByLabel("What", { exact: true }).selectOption("Delete");
  await expect.poll(() => listed.count()).toBe(2);
  expect(new URL(page.url()).search).toBe("?action=delete");
  await page.reload();
  await expect.poll(() => listed.count()).toBe(2);
  await page
    .getByRole("table", { name: "Bulk actions" })
    .getByRole("link", { name: "11 people deleted" })
    .click();
  await page.getByRole("link", { name: "Anna50 Berg" }).click();
  await see(page.getByRole("heading", { name: "Deleted users", level: 1 }));
  await page.goBack();
  await page.getByRole("main").getByRole("button", { name: "Undo" }).last().click();
  const question = page.getByRole("dialog", { name: "Undo: 11 people deleted?" });
  await question.getByRole("button", { name: "Restore 11 people" }).press("Enter");
  await see(page.getByRole("heading", { name: "Undone: 11 people restored" }));
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
  await page.getByRole("button", { name: /^Undone/ }).click();
  await page.getByRole("link", { name: "Anna50 Berg" }).click();
  await see(page.getByRole("heading", { name: "Anna50 Berg" }));
});
