import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { type MusterProcess, musterProcess } from "#tests/support/muster-process.ts";
import { addUser, chooseFiles, createGroup, goTo, see, setUpInBrowser } from "#tests/support/portal-page.ts";

let muster: MusterProcess;
let browser: OpenBrowser;
let owner: Page;
/** Addresses that hold ids. */
const ids = { user: "", group: "", checked: "", finished: "", event: "" };
let setUpLink: string;

const sample = (name: string) => ({
  name,
  content: readFileSync(join(import.meta.dirname, "../samples", name)),
});
const lastPart = () => new URL(owner.url()).pathname.split("/").at(-1) ?? "";

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  owner = await browser.window();
  setUpLink = muster.setUpLink() ?? "";
  await checkScreen(owner, {
    address: setUpLink,
    ready: (page) => page.getByRole("button", { name: "Set up" }),
  });
  await setUpInBrowser(owner, muster);
  await goTo(owner, "Groups");
  await createGroup(owner, { name: "Staff", description: "Everybody who works here" });
  await owner.getByRole("link", { name: "Staff" }).click();
  await see(owner.getByRole("heading", { name: "Staff" }));
  ids.group = lastPart();
  await goTo(owner, "Users");
  const eva = {
    firstName: "Eva",
    lastName: "Berg",
    email: "eva@northwind.example",
    password: "quiet river stone",
  };
  await addUser(owner, { ...eva, groups: ["Staff"] });
  await owner.getByRole("link", { name: "Berg, Eva" }).click();
  await see(owner.getByRole("heading", { name: "Eva Berg" }));
  ids.user = lastPart();
  const [event] = await muster.query<{ id: string }>("select id from audit_events where target_id = $1", [
    ids.user,
  ]);
  ids.event = event?.id ?? "";
  await muster.query("insert into user_counts_daily select id, current_date - 3, 1, 0, 1, 0 from tenants");
  for (const which of ["finished", "checked"] as const) {
    await owner.goto(`${muster.address}/t/northwind/import`);
    await chooseFiles(owner, sample("messy.csv"));
    await see(owner.getByText(/will be invited, and each gets|Nobody would be imported/));
    if (which === "finished") {
      await owner.getByRole("button", { name: "Import CSV" }).click();
      await see(owner.getByText("people were imported"));
    }
    ids[which] = lastPart();
  }
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

type Screen = { address: string; ready: (page: Page) => ReturnType<Page["getByRole"]> };

/** In light all that axe-core knows; dark differs from it by nothing but its colours. */
async function checkScreen(page: Page, { address, ready }: Screen) {
  await inColours(page, "light");
  await page.goto(address);
  await see(ready(page));
  expect(await seriousProblems(page), address).toEqual([]);
  await inColours(page, "dark");
  expect(await seriousProblems(page, ["color-contrast"]), `${address}, dark`).toEqual([]);
}

async function inColours(page: Page, scheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme: scheme });
  if (page.url() === "about:blank") return;
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
}

/** What axe-core finds that keeps people out. */
async function seriousProblems(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name });
const dialog = (name: string) => (page: Page) => page.getByRole("dialog", { name }).getByRole("textbox");

const screens: [name: string, path: () => string, ready: Screen["ready"]][] = [
  ["start", () => "/", (page) => page.getByRole("heading")],
  ["sign in, already signed in", () => "/t/northwind/sign-in", heading("Sign in")],
  ["forgotten password", () => "/t/northwind/forgot", (page) => page.getByLabel("Email")],
  ["a link that is none", () => "/t/northwind/link#x", heading("not complete")],
  ["home", () => "/t/northwind/home", (page) => page.getByRole("img", { name: "People by status" })],
  ["home, as a table", () => "/t/northwind/home?table=true", (page) => page.getByRole("table")],
  ["users", () => "/t/northwind/users", (page) => page.getByRole("row").filter({ hasText: "eva@" })],
  [
    "users, nobody matches",
    () => "/t/northwind/users?search=qqq",
    (page) => page.getByText("Nobody matches"),
  ],
  [
    "users, every column, filtered and in another order",
    () =>
      "/t/northwind/users?sort=-created&never=true&role=member&from=2026-01-01&columns=email,groups,status,role,seen,created",
    (page) => page.getByRole("columnheader", { name: "Added" }).and(page.locator("[aria-sort=descending]")),
  ],
  ["Add User", () => "/t/northwind/users?add=true", dialog("Add User")],
  ["Edit user", () => `/t/northwind/users?edit=${ids.user}`, dialog("Edit user")],
  ["deleted users", () => "/t/northwind/users/deleted", heading("Nobody has been deleted")],
  ["bulk actions", () => "/t/northwind/bulk-actions", heading("No bulk actions yet")],
  ["a user", () => `/t/northwind/users/${ids.user}`, heading("Eva Berg")],
  ["groups", () => "/t/northwind/groups", (page) => page.getByRole("link", { name: "Staff" })],
  ["Create Group", () => "/t/northwind/groups?add=true", dialog("Create Group")],
  [
    "a group",
    () => `/t/northwind/groups/${ids.group}`,
    (page) => page.getByRole("row").filter({ hasText: "eva@" }),
  ],
  ["Import User", () => "/t/northwind/import", (page) => page.getByRole("button", { name: "Import CSV" })],
  ["an import to be applied", () => `/t/northwind/imports/${ids.checked}`, heading("What will happen")],
  ["an import that is over", () => `/t/northwind/imports/${ids.finished}`, heading("What happened")],
  ["imports", () => "/t/northwind/imports", (page) => page.getByText("messy.csv")],
  ["audit", () => "/t/northwind/audit", (page) => page.getByRole("cell", { name: "Created Eva Berg" })],
  [
    "an audit event",
    () => `/t/northwind/audit?target=${ids.user}&open=${ids.event}`,
    (page) => page.getByText("Show everything they did"),
  ],
  ["audit, nothing matches", () => "/t/northwind/audit?ip=203.0.113.9", heading("Nothing matches")],
  ["mailbox", () => "/t/northwind/mailbox", (page) => page.getByText("eva@northwind.example")],
  ["settings", () => "/t/northwind/settings", (page) => page.getByLabel("Accent colour")],
  // As text: axe-core cannot run in the frame of an email, where nothing runs.
  [
    "the words of an email",
    () => "/t/northwind/settings/emails/user.created?look=text",
    (page) => page.getByText("Sign-in address:", { exact: false }),
  ],
  ["my page", () => "/t/northwind/me", heading("My page")],
  ["change password", () => "/t/northwind/change-password", heading("Change password")],
];

test.each(["light", "dark"] as const)("axe-core would see what is wrong in %s", async (scheme) => {
  await inColours(owner, scheme);
  await owner.goto(`${muster.address}/t/northwind/users`);
  await see(owner.getByRole("heading", { name: "Users" }));
  expect(await owner.locator("html").getAttribute("data-mantine-color-scheme")).toBe(scheme);
  await owner.evaluate(() => {
    const wrong = document.createElement("p");
    wrong.append("Too pale to read", document.createElement("button"));
    wrong.style.cssText = "color: #777; background: #888";
    document.querySelector("main")?.append(wrong);
  });
  const rulesBroken = async (rules?: string[]) =>
    (await seriousProblems(owner, rules)).map((problem) => problem.split(":")[0]);
  expect(await rulesBroken()).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
  expect(await rulesBroken(["color-contrast"])).toEqual(["color-contrast"]);
});

test("filters and view of the users are worked by keyboard, and axe-core finds nothing wrong with them", async () => {
  await inColours(owner, "light");
  await owner.goto(`${muster.address}/t/northwind/users`);
  for (const [button, control] of [
    ["Filter", "Never signed in"],
    ["View", "Added"],
  ] as const) {
    await owner.getByRole("button", { name: button, exact: true }).press("Enter");
    await owner.getByRole("dialog", { name: button }).getByLabel(control, { exact: true }).press("Space");
    expect(await seriousProblems(owner), button).toEqual([]);
    await owner.keyboard.press("Escape");
  }
  await see(owner.getByRole("button", { name: "Never signed in" }));
  const added = owner
    .getByRole("columnheader", { name: "Added" })
    .and(owner.locator("[aria-sort=descending]"));
  await owner.getByRole("button", { name: "Added", exact: true }).press("Enter");
  await see(added);
  expect(decodeURIComponent(new URL(owner.url()).search)).toBe(
    "?never=true&columns=email,groups,status,seen,created&sort=-created",
  );
  await owner.reload();
  await see(added);
});

test("sign in: axe-core finds nothing serious", async () => {
  const stranger = await browser.window();
  const ready = (window: Page) => window.getByLabel("Email");
  await checkScreen(stranger, { address: `${muster.address}/t/northwind/sign-in`, ready });
  await stranger.context().close();
});

test.each(screens)("%s: axe-core finds nothing serious", async (_name, path, ready) => {
  await checkScreen(owner, { address: muster.address + path(), ready });
});

test("every field and button of Add User can be reached by keyboard, Escape closes it, the focus returns", async () => {
  await owner.goto(`${muster.address}/t/northwind/users`);
  const button = owner.getByRole("button", { name: "Add User", exact: true });
  await button.focus();
  await owner.keyboard.press("Enter");
  const form = owner.getByRole("dialog", { name: "Add User" });
  await see(form.getByLabel("First name"));
  await expect
    .poll(() => form.getByLabel("First name").evaluate((field) => field === document.activeElement))
    .toBe(true);
  const reached = new Set<string>();
  for (let n = 0; n < 20; n += 1) {
    await owner.keyboard.press("Tab");
    reached.add(
      await owner.evaluate(() => {
        const at = document.activeElement as HTMLInputElement | null;
        return at?.labels?.[0]?.textContent ?? at?.textContent ?? "";
      }),
    );
  }
  for (const name of ["Last name", "Email", "Password", "Groups", "New User"])
    expect([...reached]).toContain(name);
  // In a field whose list is open Escape closes that first.
  await form.getByLabel("First name").focus();
  await owner.keyboard.press("Escape");
  await form.waitFor({ state: "hidden" });
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
});
