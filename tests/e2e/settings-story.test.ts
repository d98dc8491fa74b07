import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import {
  goTo,
  openAddUser,
  passwordField,
  problemAt,
  see,
  seeGone,
  setUpInBrowser,
} from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";

/** An owner makes the portal their organisation's own. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;
let sink: SmtpSink;

beforeAll(async () => {
  [muster, browser, sink] = await Promise.all([
    musterProcess({ MAIL_TENANT_SERVERS: "any" }),
    openBrowser(),
    smtpSink({ login: true }),
  ]);
  page = await browser.window("light", "Europe/Lisbon");
  await setUpInBrowser(page, muster);
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
  await sink?.stop();
});

const section = (name: string, on = page) => on.getByRole("region", { name });
const save = (name: string, on = page) => section(name, on).getByRole("button", { name: "Save" }).click();
const saved = (what: string, on = page) => see(on.getByText(`Saved: ${what}.`));

/** A picture of one pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a new tenant has the time zone of the browser that set it up", async () => {
  await goTo(page, "Settings");
  const zone = section("Organisation").getByRole("combobox", { name: "Time zone" });
  await see(zone);
  expect(await zone.inputValue()).toBe("Europe/Lisbon");
});

test("name, colour and logo are seen at once, and by whoever comes to sign in", async () => {
  await goTo(page, "Settings");
  await section("Organisation").getByLabel("Name", { exact: true }).fill("Northwind Foundation");
  await section("Organisation").getByLabel("Accent colour").fill("#7c3aed");
  await save("Organisation");
  await saved("“Name” and “Accent colour”");
  await see(page.getByRole("navigation").getByText("Northwind Foundation"));
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose picture" }).click(),
  ]);
  await chooser.setFiles({ name: "logo.png", mimeType: "image/png", buffer: png });
  await saved("the logo");

  const visitor = await browser.window();
  await visitor.goto(`${muster.address}/t/northwind/sign-in`);
  await see(visitor.getByText("Northwind Foundation"));
  const logo = visitor.locator("img[src*='/t/northwind/logo']");
  await expect.poll(() => logo.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  const colour = await visitor
    .getByRole("button", { name: "Sign in", exact: true })
    .evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(colour).toBe("rgb(124, 58, 237)");
});

test("what cannot be is said at the field, and nothing is saved", async () => {
  const minimum = section("Invitations and passwords").getByLabel("Shortest password", { exact: false });
  await minimum.fill("5");
  await save("Invitations and passwords");
  expect(await problemAt(minimum)).toContain("Enter a whole number from 10 to 64.");
  await minimum.fill("14");
  await section("Invitations and passwords")
    .getByRole("switch", { name: "Mail temporary passwords" })
    .click();
  await save("Invitations and passwords");
  await saved("“Mail temporary passwords” and “Shortest password, in characters”");
  await goTo(page, "Users");
  const form = await openAddUser(page);
  await see(form.getByText("At least 14 characters", { exact: false }));
  await see(form.getByText("your organisation mails no passwords", { exact: false }));
  await passwordField(form).fill("green otters 1");
  await see(form.getByText("Strength:", { exact: false }));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without saving" }).click();
});

test("leaving what is not saved asks first, also by Back; what is saved or as it was does not", async () => {
  await goTo(page, "Settings");
  const name = section("Organisation").getByLabel("Name", { exact: true });
  await name.fill("Southwind");
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Users" }).click();
  await see(question);
  await question.getByRole("button", { name: "Cancel" }).click();
  await seeGone(question);
  expect(await name.inputValue()).toBe("Southwind");
  await page.goBack({ waitUntil: "commit" });
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await see(page.getByRole("heading", { name: "Users", level: 1 }));
  await goTo(page, "Settings");
  expect(await name.inputValue()).toBe("Northwind Foundation");
  await name.fill("Southwind");
  await name.fill("Northwind Foundation");
  await goTo(page, "Users");
});

test("a mail server of their own is tried before it is saved, and says at which step it fails", async () => {
  await goTo(page, "Settings");
  const server = section("Mail server");
  const tryIt = () => server.getByRole("button", { name: "Send test email" }).click();
  await tryIt();
  await see(server.getByText("This installation has no mail server", { exact: false }));
  await server.getByRole("radio", { name: "Your own server" }).check();
  await tryIt();
  const name = server.getByLabel("Server", { exact: true });
  expect(await problemAt(name)).toContain("Enter the server's name");
  await server.getByLabel("Sender's address").fill("people@northwind.example");
  await name.fill("127.0.0.1");
  await server.getByLabel("Port").fill(new URL(sink.url).port);
  await server.getByRole("combobox", { name: "Encryption" }).click();
  await page.getByRole("option", { name: "None", exact: false }).click();
  await server.getByLabel("User").fill("muster");
  await passwordField(server).fill("wrong");
  sink.onLogin = (_user, password) =>
    password === "right" ? "accept" : { code: 535, words: "5.7.8 No such login" };
  await tryIt();
  await see(server.getByText("5.7.8 No such login", { exact: false }));
  await see(server.getByText("Check user and password.", { exact: false }));
  await passwordField(server).fill("right");
  const goesBack = server.getByLabel("Return address for bounces", { exact: false });
  await goesBack.fill("bücher@northwind.example");
  await save("Mail server");
  expect(await problemAt(goesBack)).toContain("Enter an email address like bounces@example.org");
  await goesBack.fill("bounces@northwind.example");
  await server.getByText("What your mail server has to do").click();
  await see(server.getByText(`${muster.address}/api/v1/t/northwind/bounces?to=ADDRESS`, { exact: false }));
  await save("Mail server");
  await saved("your own mail server");
  expect(await passwordField(server).inputValue()).toBe("");
  await tryIt();
  await see(server.getByText("The mail server took it. Look for it at olga@northwind.example."));
  expect(sink.mails.map(({ recipient, from }) => [recipient, from?.value[0]?.address])).toEqual([
    ["olga@northwind.example", "people@northwind.example"],
  ]);
  expect(sink.mails[0]?.envelopeFrom).toMatch(/^bounces\+.+@northwind\.example$/);
  await name.fill("localhost");
  await save("Mail server");
  expect(await problemAt(passwordField(server))).toContain("Type the password again");
  await server.getByRole("radio", { name: "This installation's server" }).check();
  await save("Mail server");
  await saved("the installation's mail server");
});

test("two administrators at once: the second sees what changed, keeps their own, and saves", async () => {
  await goTo(page, "Settings");
  const other = await page.context().newPage();
  await other.goto(`${muster.address}/t/northwind/settings`);
  await section("Sessions", other).getByLabel("when idle", { exact: false }).fill("8");
  await section("Sessions").getByLabel("in any case", { exact: false }).fill("5");
  await save("Sessions", other);
  await saved("“Signed out when idle, after hours”", other);
  await page.bringToFront();
  await save("Sessions");
  await section("Sessions").getByRole("button", { name: "Load their changes, keep mine" }).click();
  await see(section("Sessions").getByText("Signed out when idle, after hours (now 8)", { exact: false }));
  await save("Sessions");
  await saved("“Signed out in any case, after days”");
  const [tenant] = await muster.query<{ settings: object }>("select settings from tenants");
  expect(tenant?.settings).toMatchObject({ sessionHours: 8, sessionDays: 5 });
});

test("an email says what the organisation wants: checked, seen before it is saved, sent, and as usual again", async () => {
  await goTo(page, "Settings");
  await section("Words of emails").getByRole("link", { name: "Invitation" }).click();
  await page.getByText("Deutsch", { exact: true }).click();
  const subject = page.getByLabel("Subject").locator("visible=true");
  await subject.fill("Willkommen, {{vorname}} ");
  await page.getByLabel("Heading").locator("visible=true").focus();
  expect(await problemAt(subject)).toContain(
    "There is no {{vorname}} in this email. You can use {{firstName}},",
  );
  await subject.fill("Willkommen, ");
  await page.getByRole("button", { name: "{{firstName}}" }).click();
  await page.keyboard.type("!");
  expect(await subject.inputValue()).toBe("Willkommen, {{firstName}}!");
  const preview = page.getByRole("region", { name: "Preview" });
  await see(preview.getByText("Willkommen, Eva!"));
  await see(
    preview.frameLocator("iframe").getByText("Northwind Foundation lädt Sie ein", { exact: false }).last(),
  );
  await preview.getByText("Plain text").click();
  await see(preview.getByText("Passwort festlegen:\n••••••••", { exact: false }));
  await page.getByRole("button", { name: "Save" }).click();
  await see(page.getByText("Saved: Invitation, Deutsch.", { exact: false }));

  await goTo(page, "Users");
  const form = await openAddUser(page);
  await form.getByText("Invite User").click();
  await form.getByLabel("First name").fill("Anna");
  await form.getByLabel("Last name").fill("Ott");
  await form.getByLabel("Email", { exact: true }).fill("anna@northwind.example");
  await form.getByLabel("Language of emails").selectOption("Deutsch");
  await form.getByRole("button", { name: "New User" }).click();
  await page.goto(`${muster.address}/t/northwind/mailbox`);
  await see(page.getByText("Willkommen, Anna!"));

  await goTo(page, "Settings");
  await see(section("Words of emails").getByText("your own words in Deutsch"));
  await section("Words of emails").getByRole("link", { name: "Invitation" }).click();
  await page.getByText("Deutsch", { exact: true }).click();
  await page.getByRole("button", { name: "Use the usual words" }).click();
  await expect
    .poll(() => subject.inputValue())
    .toBe("{{organisation}} lädt Sie ein: Legen Sie Ihr Passwort fest");
});

test("older emails of the built-in mailbox are on further pages, and the way back is there after one was read", async () => {
  await muster.query(
    `insert into mailbox_messages (tenant_id, id, recipient, subject, sealed_source, received_at)
     select tenant_id, gen_random_uuid(), 'later' || n || '@northwind.example', 'Later', sealed_source, now() + n * interval '1 s'
       from (select * from mailbox_messages limit 1) one, generate_series(1, 60) n`,
  );
  await page.goto(`${muster.address}/t/northwind/mailbox`);
  const emails = page.getByRole("list", { name: "Emails" });
  const older = emails.getByText("anna@northwind.example");
  await see(emails.getByText("later60@northwind.example"));
  expect(await older.count()).toBe(0);
  await page.getByRole("button", { name: "Next" }).click();
  await older.click();
  await see(page.getByRole("heading", { name: "Willkommen, Anna!" }));
  await page.getByRole("button", { name: "Previous" }).click();
  await see(emails.getByText("later60@northwind.example"));
  await page.getByLabel("Search recipient or subject").fill("nobody at all");
  await see(page.getByText("No email matches"));
});

test("nothing was refused by the browser", () => expect(browser.troubles).toEqual([]));
