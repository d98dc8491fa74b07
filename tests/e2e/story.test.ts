import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { type EmbeddedMuster, embeddedMuster } from "#tests/support/embedded-muster.ts";
import {
  addUser,
  chooseFiles,
  createGroup,
  goTo,
  mode,
  openAddUser,
  passwordField,
  rowOf,
  see,
  setUpInBrowser,
  signInAt,
} from "#tests/support/portal-page.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";

/** One Monday morning, told from the first start on: with the real server, a real mail server and a real browser. */
let sink: SmtpSink;
let muster: EmbeddedMuster;
let browser: OpenBrowser;
let admin: Page;

beforeAll(async () => {
  sink = await smtpSink();
  [muster, browser] = await Promise.all([embeddedMuster({ SMTP_URL: sink.url }), openBrowser()]);
  admin = await browser.window();
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
  await sink?.stop();
});

const mailTo = async (email: string) => {
  const mails = await until(() => {
    const found = sink.mails.filter((mail) => mail.recipient === email);
    return found.length > 0 && found;
  }, `an email to ${email}`);
  expect(mails).toHaveLength(1);
  const text = mails[0]?.text ?? "";
  const after = (label: string) => new RegExp(`${label}:?\\s+(\\S+)`).exec(text)?.[1] ?? "";
  return {
    text,
    html: String(mails[0]?.html),
    address: after("Sign-in address"),
    email: after("Email address"),
    password: after("Temporary password"),
    link: /http\S+\/link#\S+/.exec(text)?.[0] ?? "",
  };
};

test("the installation is set up from the link it printed", async () => {
  await setUpInBrowser(admin, muster);
  expect(new URL(admin.url()).pathname).toBe("/t/northwind/home");
  await goTo(admin, "Users");
  await see(rowOf(admin, "olga@northwind.example"));
});

test("Create Group: it appears at once, with what was entered", async () => {
  await goTo(admin, "Groups");
  await createGroup(admin, { name: "Staff", description: "Everybody who works here" });
  const row = rowOf(admin, "Staff");
  await see(row);
  expect(await row.textContent()).toContain("Everybody who works here");
});

test("Add User, Create User: the person signs in with what the email says and must change the password", async () => {
  await goTo(admin, "Users");
  const person = { firstName: "Cara", lastName: "Created", email: "cara@northwind.example" };
  await addUser(admin, { ...person, password: "quiet-river-stone-7", groups: ["Staff"] });
  expect(await rowOf(admin, person.email).textContent()).toContain("Staff");

  const mail = await mailTo(person.email);
  expect(mail).toMatchObject({ email: person.email, password: "quiet-river-stone-7" });
  expect(mail.address).toBe(`${muster.address}/t/northwind/`);
  const cara = await browser.window();
  await signInAt(cara, mail.address, mail);
  await see(cara.getByRole("heading", { name: "Choose your own password" }));
  await passwordField(cara, "Password you were given").fill(mail.password);
  await passwordField(cara, "New password").fill("nine green tractors");
  await cara.getByRole("button", { name: "Change password" }).click();
  await see(cara.getByRole("heading", { name: "Cara Created" }));
});

test("Add User, Invite User: the link is opened by a scanner twice, then accepted, and the person signs in", async () => {
  const person = { firstName: "Ivo", lastName: "Invited", email: "ivo@northwind.example" };
  await addUser(admin, person);
  const mail = await mailTo(person.email);
  expect(mail).toMatchObject({
    email: person.email,
    address: `${muster.address}/t/northwind/`,
    password: "",
  });
  for (let n = 0; n < 2; n += 1) expect((await fetch(mail.link)).status).toBe(200);

  const ivo = await browser.window();
  await ivo.goto(mail.link);
  await see(ivo.getByRole("heading", { name: "Welcome, Ivo" }));
  await passwordField(ivo).fill("four purple umbrellas");
  await ivo.getByRole("button", { name: "Set password and sign in" }).click();
  await see(ivo.getByRole("heading", { name: "Ivo Invited" }));
  await ivo.getByRole("button", { name: "Sign out" }).click();
  await see(ivo.getByRole("heading", { name: "Sign in" }));
  await signInAt(ivo, mail.address, { email: person.email, password: "four purple umbrellas" });
  await see(ivo.getByRole("heading", { name: "Ivo Invited" }));

  const later = await browser.window();
  await later.goto(mail.link);
  await see(later.getByRole("heading", { name: "This link has been used" }));
});

test("an invitation that has expired: its page sends a new one when somebody presses, and that one is accepted", async () => {
  const person = { firstName: "Lena", lastName: "Late", email: "lena@northwind.example" };
  await addUser(admin, person);
  const { link } = await mailTo(person.email);
  await muster.query("update links set expires_at = now() where used_at is null");
  const lena = await browser.window();
  await lena.goto(link);
  await see(lena.getByRole("heading", { name: "This invitation has expired" }));
  await lena.getByRole("button", { name: "Send me a new one" }).press("Enter");
  await see(lena.getByRole("heading", { name: "Look into your mailbox" }));
  const renewed = await until(() => {
    const [, mail] = sink.mails.filter(({ recipient }) => recipient === person.email);
    return mail && /http\S+\/link#\S+/.exec(mail.text ?? "")?.[0];
  }, "the new invitation");
  await lena.reload();
  await see(lena.getByRole("heading", { name: "This link no longer works" }));
  await lena.goto(renewed);
  await passwordField(lena).fill("four purple umbrellas");
  await lena.getByRole("button", { name: "Set password and sign in" }).click();
  await see(lena.getByRole("heading", { name: "Lena Late" }));
});

test("Import User: 40 people of a Google Workspace file get one email each, and one of them signs in", async () => {
  const before = sink.mails.length;
  await admin.getByRole("button", { name: "Import User" }).click();
  await see(admin.getByRole("heading", { name: "Import User" }));
  const name = "google-workspace-upload.csv";
  const content = readFileSync(join(import.meta.dirname, "../samples", name));
  await chooseFiles(admin, { name, content });
  await see(admin.getByText("40 people will be created, and each gets one email."));
  expect(sink.mails).toHaveLength(before);

  await admin.getByRole("button", { name: "Import CSV" }).click();
  await see(admin.getByText("40 people were imported."));
  const mails = await until(() => sink.mails.length >= before + 40 && sink.mails.slice(before), "40 emails");
  expect(new Set(mails.map((mail) => mail.recipient)).size).toBe(40);
  await see(admin.getByText("Emails sent").locator("xpath=following-sibling::*").filter({ hasText: /^40$/ }));
  await goTo(admin, "Users");
  await see(admin.getByText("44 people"));

  const mail = await mailTo("lukasz.kowalski@northwind.example");
  const lukasz = await browser.window();
  await signInAt(lukasz, mail.address, mail);
  await see(lukasz.getByRole("heading", { name: "Choose your own password" }));
  expect(sink.mails).toHaveLength(before + 40);
});

test("Add User opens on Create User again, although Invite User was used last", async () => {
  const form = await openAddUser(admin);
  expect(await mode(form, "Create User").isChecked()).toBe(true);
  expect(browser.troubles).toEqual([]);
});
