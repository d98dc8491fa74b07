import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { ownerPassword, type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { goTo, rowOf, see, signInAt } from "#tests/support/portal-page.ts";
import { type Answer, type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";

/** An administrator looks after the emails: who got theirs, who did not and why, and mends what can be mended. */
let muster: Awaited<ReturnType<typeof musterProcess>>;
let browser: OpenBrowser;
let page: Page;
let owner: PortalClient;
let sink: SmtpSink;

const password = "quiet river stone";
const people = [
  { firstName: "Ann", lastName: "Apple", mode: "create", password },
  { firstName: "Rex", lastName: "Refused", mode: "invite" },
  { firstName: "Wim", lastName: "Waiting", mode: "invite" },
  { firstName: "Dora", lastName: "Door", mode: "invite" },
];
const add = (person: (typeof people)[number] | undefined) =>
  owner.call("POST", "/users", { ...person, email: at(person?.firstName.toLowerCase() ?? "") });
const at = (name: string) => `${name}@northwind.example`;
/** What the mail server says to whom. */
const answers = new Map<string, () => Answer | Promise<Answer>>([
  [at("rex"), () => ({ code: 550, words: "5.2.2 Mailbox full" })],
  [at("wim"), () => ({ code: 451, words: "4.7.1 Come back later" })],
  [at("dora"), () => doraMayCome],
]);
let letDoraCome: (answer: Answer) => void = () => {};
const doraMayCome = new Promise<Answer>((resolve) => {
  letDoraCome = resolve;
});

beforeAll(async () => {
  sink = await smtpSink();
  sink.onRecipient = (address) => answers.get(address)?.() ?? "accept";
  [muster, browser] = await Promise.all([
    musterProcess({ SMTP_URL: sink.url, SMTP_CONNECTIONS: "4" }),
    openBrowser(),
  ]);
  owner = await setUpTenant(muster, "northwind");
  for (const person of people.slice(0, -1)) await add(person);
  page = await browser.window();
  await signInAt(page, `${muster.address}/t/northwind/sign-in`, {
    email: "olga@northwind.example",
    password: ownerPassword,
  });
  await goTo(page, "Messages");
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
  await sink?.stop();
});

const row = (name: string) => rowOf(page, at(name));
const stands = (name: string, state: string) => see(row(name).getByText(state, { exact: true }));
const gone = (name: string) => row(name).waitFor({ state: "hidden" });
const only = async (name: string) => {
  for (const { firstName } of people) {
    const other = firstName.toLowerCase();
    await (other === name ? see(row(other)) : gone(other));
  }
};
const search = () => new URL(page.url()).search;
const panel = (name: string) => page.getByRole("dialog", { name });

test("each email with where it stands, and the mail server's words; the state changes by itself", async () => {
  await stands("ann", "Sent");
  await stands("rex", "Refused");
  await see(row("rex").getByText("5.2.2 Mailbox full", { exact: false }));
  await stands("wim", "Delayed");
  await see(row("wim").getByText("Next try", { exact: false }));
  // The mail server takes its time with hers.
  await add(people.at(-1));
  await page.reload();
  await page.evaluate("window.opened = 'once'");
  await stands("dora", "Sending");
  letDoraCome("accept");
  await stands("dora", "Sent");
  expect(await page.evaluate("window.opened")).toBe("once");
});

test("filters by state, kind and person; the address is the filter, and Back leads back", async () => {
  const chip = (name: string) =>
    page.getByRole("group", { name: "State" }).getByRole("button", { name: new RegExp(`^${name}`) });
  await chip("Refused").click();
  await only("rex");
  expect(search()).toBe("?state=refused");
  await page.goBack();
  await see(row("ann"));
  await page.getByRole("combobox", { name: "What it is" }).click();
  await page.getByRole("option", { name: "Credentials" }).click();
  await only("ann");
  await page.reload();
  await only("ann");
  await chip("Delayed").click();
  await see(page.getByRole("heading", { name: "No message matches" }));
  await page.getByRole("button", { name: "Show all messages" }).click();
  await see(row("dora"));
  await page.getByRole("button", { name: "Any day" }).click();
  await page.getByRole("dialog", { name: "Any day" }).getByLabel("until").fill("2020-01-31");
  await see(page.getByRole("heading", { name: "No message matches" }));
  await page.keyboard.press("Escape");
  await see(page.getByRole("button", { name: "Until 31 Jan 2020" }));
  await page.getByRole("button", { name: "Show all messages" }).click();
  await see(row("dora"));
  await page.keyboard.press("/");
  await page.keyboard.type("wim");
  await only("wim");
  await page.keyboard.press("Escape");
  await see(row("ann"));
});

test("shows by the keyboard what an email says, without what opens an account", async () => {
  await row("ann").getByRole("button", { name: "Ann Apple" }).focus();
  await page.keyboard.press("Enter");
  const frame = panel("Credentials").frameLocator("iframe");
  await see(frame.getByText(at("ann"), { exact: false }));
  const seen = (await frame.locator("body").textContent()) ?? "";
  await panel("Credentials").getByRole("tab", { name: "Plain text" }).click();
  const plain = panel("Credentials").locator("pre");
  await see(plain);
  for (const said of [seen, await plain.textContent()]) {
    expect(said).toContain(at("ann"));
    expect(said).not.toContain(password);
  }
  await page.keyboard.press("Escape");
  await panel("Credentials").waitFor({ state: "hidden" });
  expect(search()).toBe("");
  await row("dora").getByRole("button", { name: "Dora Door" }).click();
  const invitation = panel("Invitation").frameLocator("iframe").locator("body");
  await see(invitation);
  expect(await invitation.innerHTML()).not.toMatch(/invitation\.[\w-]{8}/);
  await page.keyboard.press("Escape");
  await panel("Invitation").waitFor({ state: "hidden" });
});

test("takes back what has not gone yet, and sends again what was refused", async () => {
  await row("wim").getByRole("button", { name: "Wim Waiting" }).click();
  await panel("Invitation").getByRole("button", { name: "Withdraw" }).click();
  await see(page.getByText("It is taken back."));
  await page.keyboard.press("Escape");
  await stands("wim", "Withdrawn");

  answers.delete(at("rex"));
  await row("rex").getByRole("button", { name: "Rex Refused" }).click();
  const before = search();
  await panel("Invitation").getByRole("button", { name: "Send again" }).click();
  await see(page.getByText("It is on its way again."));
  // The panel shows the new email, and follows it.
  await expect.poll(search).not.toBe(before);
  await see(panel("Invitation").getByText("Sent", { exact: true }));
  await page.keyboard.press("Escape");
  await expect.poll(() => row("rex").count()).toBe(2);
  const arrived = sink.mails.map(({ recipient }) => recipient).sort();
  expect(arrived).toEqual([at("ann"), at("dora"), at("rex")]);
  expect(browser.troubles).toEqual([]);
});

test("at 1,280 px a time and an address of 30 characters are seen whole; what is longer is whole on hover", async () => {
  const whole = (cell: Locator) => cell.evaluate((node) => node.scrollWidth <= node.clientWidth);
  await page.setViewportSize({ width: 1280, height: 860 });
  await muster.query(
    "update messages set finished_at = now() - interval '31 minutes' where state = 'accepted'",
  );
  await page.goto(`${muster.address}/t/northwind/messages`);
  const times = page.getByRole("cell", { name: "31 minutes ago" });
  await see(times);
  expect(await whole(times.first())).toBe(true);
  const addresses = ["bartholomew.m@northwind.example", `${"b".repeat(50)}@northwind.example`];
  for (const [index, email] of addresses.entries())
    await owner.call("POST", "/users", {
      mode: "invite",
      firstName: `Bart ${index}`,
      lastName: "Mew",
      email,
    });
  await goTo(page, "Users");
  const cells = addresses.map((name) => page.getByRole("cell", { name, exact: true }));
  for (const cell of cells) await see(cell);
  expect(await Promise.all(cells.map(whole))).toEqual([true, false]);
  expect(await cells[1]?.getAttribute("title")).toBe(addresses[1]);
});
