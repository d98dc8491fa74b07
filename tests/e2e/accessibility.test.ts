import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousProblems } from "#tests/support/axe.ts";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { portalClient } from "#tests/support/portal-client.ts";
import { follow, ownerPassword, see, seeGone, setUpInBrowser } from "#tests/support/portal-page.ts";
import { applyImport, checkFiles } from "#tests/support/run-import.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

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

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  owner = await browser.window();
  setUpLink = muster.setUpLink() ?? "";
  await checkScreen(owner, {
    address: setUpLink,
    ready: (page) => page.getByRole("button", { name: "Set up" }),
  });
  await setUpInBrowser(owner, muster);
  const client = portalClient(muster.address, "northwind");
  await client.call("POST", "/session", { email: "olga@northwind.example", password: ownerPassword });
  const made = async (path: string, body: object) =>
    (await client.call<{ id: string }>("POST", path, body)).body.id;
  ids.group = await made("/groups", { name: "Staff", description: "Everybody who works here" });
  const eva = { firstName: "Eva", lastName: "Berg", email: "eva@northwind.example" };
  ids.user = await made("/users", {
    ...{ ...eva, mode: "create", password: "quiet river stone" },
    groupIds: [ids.group],
  });
  const [event] = await muster.query<{ id: string }>("select id from audit_events where target_id = $1", [
    ids.user,
  ]);
  ids.event = event?.id ?? "";
  await muster.query("insert into user_counts_daily select id, current_date - 3, 1, 0, 1, 0 from tenants");
  ids.finished = (await checkFiles(client, sample("messy.csv"))).id;
  await applyImport(client, ids.finished);
  ids.checked = (await checkFiles(client, sample("messy.csv"))).id;
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

type Screen = { address: string; ready: (page: Page) => ReturnType<Page["getByRole"]> };

async function checkScreen(page: Page, { address, ready }: Screen) {
  await inColours(page, "light");
  await page.goto(address);
  await checkWhatIsShown(page, { address, ready });
}

/** In light all that axe-core knows; dark differs from it by nothing but its colours. */
async function checkWhatIsShown(page: Page, { address, ready }: Screen) {
  await see(ready(page));
  expect(await seriousProblems(page), address).toEqual([]);
  await inColours(page, "dark");
  expect(await seriousProblems(page, ["color-contrast"]), `${address}, dark`).toEqual([]);
}

async function inColours(page: Page, scheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme: scheme });
  if (page.url() === "about:blank") return;
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
  // On the way from one to the other a colour is neither.
  await page.evaluate(() => {
    for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish();
  });
}

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name });
const dialog = (name: string) => (page: Page) => page.getByRole("dialog", { name }).getByRole("textbox");

/** What is on the screen only where this heading is: some words are on the screen before as well. */
const below = (name: string) => (page: Page) => page.getByRole("main").filter({ has: heading(name)(page) });

type NamedScreen = [name: string, path: () => string, ready: Screen["ready"]];

/** People come to these by an address. */
const doors: NamedScreen[] = [
  ["start", () => "/", (page) => page.getByRole("heading")],
  ["sign in, already signed in", () => "/t/northwind/sign-in", heading("Sign in")],
  ["forgotten password", () => "/t/northwind/forgot", (page) => page.getByLabel("Email")],
  ["a link that is none", () => "/t/northwind/link#x", heading("not complete")],
  ["second step that is over", () => "/t/northwind/second-factor", heading("Sign in again")],
  [
    "set up an authenticator app",
    () => "/t/northwind/set-up-second-factor",
    (page) => page.getByRole("img", { name: "QR code for your authenticator app" }),
  ],
  [
    "add a passkey",
    () => "/t/northwind/set-up-second-factor?kind=passkey",
    (page) => page.getByRole("button", { name: "Add passkey" }),
  ],
  ["change password", () => "/t/northwind/change-password", heading("Change password")],
  ["no screen at all", () => "/t/northwind/nowhere", heading("There is nothing at this address")],
];

/** People come to these from other screens of the portal, without loading it anew. */
const screens: NamedScreen[] = [
  ["home", () => "/t/northwind/home", (page) => page.getByRole("img", { name: "People by status" })],
  [
    "home, as a table",
    () => "/t/northwind/home?table=true",
    (page) => page.getByRole("table", { name: "People by status on each day" }),
  ],
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
    (page) =>
      page
        .getByRole("table")
        .filter({ has: page.getByRole("columnheader", { name: "Added" }) })
        .filter({ has: page.locator("[aria-sort=descending]") })
        .getByRole("row")
        .filter({ hasText: "eva@" }),
  ],
  ["Add User", () => "/t/northwind/users?add=true", dialog("Add User")],
  ["Edit user", () => `/t/northwind/users?edit=${ids.user}`, dialog("Edit user")],
  ["deleted users", () => "/t/northwind/users/deleted", heading("Nobody has been deleted")],
  ["bulk actions", () => "/t/northwind/bulk-actions", heading("No bulk actions yet")],
  ["a user", () => `/t/northwind/users/${ids.user}`, heading("Eva Berg")],
  [
    "groups",
    () => "/t/northwind/groups",
    (page) => page.getByRole("row").filter({ hasText: "Everybody who works here" }),
  ],
  ["Create Group", () => "/t/northwind/groups?add=true", dialog("Create Group")],
  [
    "a group",
    () => `/t/northwind/groups/${ids.group}`,
    (page) => page.getByRole("row").filter({ hasText: "eva@" }),
  ],
  ["Import User", () => "/t/northwind/import", (page) => page.getByRole("button", { name: "Import CSV" })],
  [
    "an import to be applied",
    () => `/t/northwind/imports/${ids.checked}`,
    (page) => below("What will happen")(page).getByRole("gridcell"),
  ],
  [
    "an import that is over",
    () => `/t/northwind/imports/${ids.finished}`,
    (page) => below("What happened")(page).getByRole("gridcell"),
  ],
  [
    "imports",
    () => "/t/northwind/imports",
    (page) => page.getByRole("table", { name: "Imports" }).getByText("messy.csv"),
  ],
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
];

test("axe-core would see what is wrong, in light and in dark", async () => {
  await inColours(owner, "light");
  await owner.goto(`${muster.address}/t/northwind/users`);
  await see(owner.getByRole("heading", { name: "Users" }));
  await owner.evaluate(() => {
    const wrong = document.createElement("p");
    wrong.append("Too pale to read", document.createElement("button"));
    wrong.style.cssText = "color: #777; background: #888";
    document.querySelector("main")?.append(wrong);
  });
  const rulesBroken = async (rules?: string[]) =>
    (await seriousProblems(owner, rules)).map((problem) => problem.split(":")[0]);
  expect(await rulesBroken()).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
  await inColours(owner, "dark");
  expect(await owner.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
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

test.each(doors)("%s: axe-core finds nothing serious", async (_name, path, ready) => {
  await checkScreen(owner, { address: muster.address + path(), ready });
  expect(await owner.title(), "of a screen").not.toBe("Muster");
});

describe("in the portal", () => {
  beforeAll(async () => {
    await owner.goto(`${muster.address}/t/northwind/me`);
    await see(heading("My page")(owner));
  });

  test.each(screens)("%s: axe-core finds nothing serious", async (_name, path, ready) => {
    const address = muster.address + path();
    await inColours(owner, "light");
    await follow(owner, path());
    await checkWhatIsShown(owner, { address, ready });
    expect(new URL(owner.url()).pathname).toBe(new URL(address).pathname);
  });
});

test("on a telephone no screen is wider than it, and nothing to press is cut, however long the names", async () => {
  const long = { word: "W".repeat(100), group: `Everyone in ${"the department of long names, ".repeat(2)}` };
  const made = await owner.evaluate(async ({ word, group }) => {
    const make = async (path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`/api/v1/t/northwind/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return (await answer.json()).id as string;
    };
    const groupId = await make("groups", { name: group, description: word.repeat(4), active: true });
    const email = `${word.slice(0, 60)}@northwind.example`;
    const person = { mode: "invite", firstName: word, lastName: word, email, groupIds: [groupId] };
    return { group: groupId, user: await make("users", person) };
  }, long);
  await muster.query(
    "update messages set state = 'refused', last_reply = '550 5.1.1 unknown' where user_id = $1",
    [made.user],
  );
  const screens: [path: string, ready: (page: Page) => ReturnType<Page["getByRole"]>][] = [
    [`users?group=${made.group}`, (page) => page.getByText("WWW").first()],
    [`users?search=${long.word}Q`, heading("Nobody matches")],
    [`users/${made.user}`, heading("WWW")],
    ["groups", (page) => page.getByRole("row").filter({ hasText: "Everyone in" })],
    [`groups/${made.group}`, (page) => page.getByRole("button", { name: /^Remove W/ })],
    ["messages?state=refused", (page) => page.getByRole("button", { name: /^Refused/ })],
    [`audit?target=${made.user}`, (page) => page.getByRole("button", { name: /^Whom: W/ })],
  ];
  await owner.setViewportSize({ width: 375, height: 800 });
  for (const [path, ready] of screens) {
    await owner.goto(`${muster.address}/t/northwind/${path}`);
    await see(ready(owner));
    expect(await outOfSight(owner), path).toEqual([]);
  }
  await owner.setViewportSize({ width: 1280, height: 900 });
});

/** What sticks out of the window sideways, buttons whose words are cut, and a chosen filter that is scrolled away. */
const outOfSight = (page: Page) =>
  page.evaluate(() => {
    const beside = (element: Element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < 0 || right > innerWidth);
    };
    const wide = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
    const parts = [...document.querySelectorAll("tbody button, tbody button *")];
    const cut = parts.filter(
      (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).textOverflow !== "ellipsis",
    );
    const chosen = [...document.querySelectorAll("fieldset [aria-pressed=true]")].filter(beside);
    return [...wide, ...[...cut, ...chosen].map((element) => element.textContent)];
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
  await seeGone(form);
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
});
