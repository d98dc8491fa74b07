import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { ownerPassword, setUpTenant } from "#tests/support/portal-client.ts";
import {
  addUser,
  goTo,
  passwordField,
  problemAt,
  see,
  seeGone,
  signInAt,
} from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { until } from "#tests/support/until.ts";

/** One owner's way from a password alone to an authenticator app, recovery codes and a passkey, and to requiring them. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;
const olga = { email: "olga@northwind.example", password: ownerPassword };
let secret = "";
let codes: string[] = [];

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  await setUpTenant(muster, "northwind");
  page = await browser.window();
  // As if the browser had a fingerprint reader that always knows its owner.
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

const at = (path: string) => `${muster.address}/t/northwind${path}`;
const signIn = () => signInAt(page, at("/sign-in?other=true"), olga);
const isIn = () => see(page.getByRole("navigation", { name: "Main" }));
const heading = (name: string) => page.getByRole("heading", { name });
const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
const security = () => page.getByRole("region", { name: "Security" });
const codeNow = () => generateSync({ secret, epoch: Date.now() / 1000 });
/** As if the code of now had not been given yet. */
const letCodePass = () => muster.query("update authenticators set last_step = last_step - 1");

test("an authenticator app is set up by scanning or typing its secret, and recovery codes are shown once", async () => {
  await signIn();
  await isIn();
  await page.goto(at("/me"));
  await security().getByRole("link", { name: "Set up" }).click();
  await see(page.getByRole("img", { name: "QR code for your authenticator app" }));
  secret = (await page.locator("code").textContent())?.replaceAll(" ", "") ?? "";
  const code = page.getByLabel("Code that the app shows");
  await code.fill("12");
  await press("Set up");
  expect(await problemAt(code)).toContain("six digits");
  await code.fill(codeNow());
  await code.press("Enter");
  const list = page.getByRole("list", { name: "Recovery codes" });
  await see(list);
  codes = await list.getByRole("listitem").allTextContents();
  expect(codes).toHaveLength(10);
  const [saved] = await Promise.all([page.waitForEvent("download"), press("Download")]);
  expect(saved.suggestedFilename()).toBe("recovery-codes-northwind.txt");
  await press("I have kept them");
  await see(security().getByText("10 of 10 left"));
  await letCodePass();
});

test("signing in asks for a code after the password, or for a recovery code", async () => {
  await signIn();
  await see(heading("Enter your code"));
  const code = page.getByLabel("Code", { exact: true });
  expect(await code.getAttribute("autocomplete")).toBe("one-time-code");
  await code.fill("000000");
  await code.press("Enter");
  expect(await problemAt(code)).toContain("does not fit");
  // A reload asks for the same again.
  await page.reload();
  await code.fill(codeNow());
  await code.press("Enter");
  await isIn();
  await signIn();
  await press("Use a recovery code");
  await page.getByLabel("Recovery code").fill(codes[0]?.toUpperCase() ?? "");
  await press("Sign in");
  await isIn();
  await page.goto(at("/me"));
  await see(security().getByText("9 of 10 left"));
});

/** The link in the email to somebody who has forgotten their password, from the built-in mailbox. */
async function mailedLink(): Promise<string | undefined> {
  const read = async (path: string) => (await fetch(`${muster.address}/api/v1/mailbox${path}`)).json();
  const { items } = (await read("")) as { items: { id: string; subject: string }[] };
  const reset = items.find(({ subject }) => subject.startsWith("Set a new password"));
  const { text = "" } = reset ? ((await read(`/${reset.id}`)) as { text: string }) : {};
  return /http\S+\/link#\S+/.exec(text)?.[0];
}

test("a link to set a new password asks for the second factor, and sets it then", async () => {
  await page.goto(at("/forgot"));
  await page.getByLabel("Email", { exact: true }).fill(olga.email);
  await press("Send the link");
  const link = (await until(mailedLink, "the email with the link")) ?? "";
  const chosen = "nine purple elephants";
  const choose = async () => {
    await page.goto(link);
    await passwordField(page).fill(chosen);
    await press("Save and sign in");
    await see(page.getByText("Your new password is saved with this step."));
  };
  await choose();
  // Left there, everything is as it was.
  await signIn();
  await see(heading("Enter your code"));
  await choose();
  await press("Use a recovery code");
  await page.getByLabel("Recovery code").fill(codes[1] ?? "");
  await press("Save and sign in");
  await isIn();
  olga.password = chosen;
  await page.goto(link);
  await see(heading("This link has been used"));
  await page.goto(at("/me"));
});

test("a passkey is added by name, signs in, and is renamed and removed", async () => {
  // It is a while since the password was given.
  await muster.query("update sessions set confirmed_at = now() - interval '1 hour'");
  await security().getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("Name").fill("Laptop");
  await press("Add passkey");
  await passwordField(page).fill(olga.password);
  await press("Go on");
  await letCodePass();
  await page.getByLabel("Code", { exact: true }).fill(codeNow());
  await press("Go on");
  await page.getByLabel("Name").fill("Laptop");
  await press("Add passkey");
  await see(security().getByText("not used yet"));
  await signIn();
  await see(heading("Use your passkey"));
  await press("Use a passkey");
  await isIn();
  await page.goto(at("/me"));
  await see(security().getByText("last used just now"));
  // It knows who holds it: neither email nor password is needed.
  await page.goto(at("/sign-in?other=true"));
  await press("Sign in with a passkey");
  await isIn();
  await page.goto(at("/me"));
  await see(security().getByText("Signs you in by itself, without email and password."));
  await page.goto(at("/settings"));
  const policy = page.getByRole("region", { name: "Second factor" });
  await policy.getByRole("switch", { name: "Let people sign in with a passkey alone" }).press("Space");
  await policy.getByRole("button", { name: "Save" }).click();
  await see(page.getByText("Saved: “Let people sign in with a passkey alone”."));
  const stranger = await browser.window();
  await stranger.goto(at("/sign-in"));
  await see(stranger.getByRole("button", { name: "Sign in", exact: true }));
  await seeGone(stranger.getByRole("button", { name: "Sign in with a passkey" }));
  await page.goto(at("/me"));
  await see(security().getByText("Asked for after your password."));
  await security().getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename your passkey" });
  await dialog.getByLabel("Name").fill("Old laptop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await seeGone(dialog);
  await see(security().getByText("Old laptop"));
  // It is a while again: the passkey confirms, beside the password, that it may go.
  await muster.query("update sessions set confirmed_at = now() - interval '1 hour'");
  await security()
    .getByRole("listitem")
    .filter({ hasText: "Old laptop" })
    .getByRole("button", { name: "Remove" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await passwordField(page).fill(olga.password);
  await press("Go on");
  await press("Use a passkey");
  await see(page.getByText("The passkey “Old laptop” is removed."));
  await seeGone(security().getByText("Old laptop"));
});

test("required of everyone, somebody who has none sets one up before anything else; an administrator takes it away", async () => {
  await goTo(page, "Settings");
  const policy = page.getByRole("region", { name: "Second factor" });
  await policy.getByRole("combobox", { name: "Second factor" }).click();
  await page.getByRole("option", { name: "required for everyone" }).click();
  await policy.getByRole("button", { name: "Save" }).click();
  await see(policy.getByRole("button", { name: "Save", disabled: true }));
  await see(policy.getByRole("link", { name: "0 people without a second factor" }));
  const eva = { email: "eva@northwind.example", password: "quiet river stone" };
  const other = await browser.window("dark");
  await goTo(page, "Users");
  await addUser(page, { firstName: "Eva", lastName: "Berg", ...eva });
  // Their temporary password counts as their own: changing it is another story.
  await expect
    .poll(() => muster.query("select from credentials where temporary and password_hash is not null"))
    .toHaveLength(1);
  await muster.query("update credentials set temporary = false");
  await signInAt(other, at("/sign-in?to=%2Ft%2Fnorthwind%2Fme"), eva);
  await see(other.getByText("Northwind requires a second factor"));
  await other.goto(at("/me"));
  await see(other.getByText("Northwind requires a second factor"));
  const evasSecret = (await other.locator("code").textContent())?.replaceAll(" ", "") ?? "";
  await other
    .getByLabel("Code that the app shows")
    .fill(generateSync({ secret: evasSecret, epoch: Date.now() / 1000 }));
  await other.getByRole("button", { name: "Set up" }).click();
  await other.getByRole("button", { name: "I have kept them" }).click();
  await see(other.getByRole("heading", { name: "My page" }));
  await page.getByRole("link", { name: "Berg, Eva" }).click();
  await see(page.getByText("10 recovery codes left"));
  await press("Remove second factors");
  const dialog = page.getByRole("dialog", { name: "Remove the second factors of Eva Berg?" });
  await dialog.getByRole("button", { name: "Remove" }).click();
  await see(page.getByText("Has no second factor yet"));
  // Who has none is found in the list, and told of each.
  await goTo(page, "Settings");
  await page.getByRole("link", { name: "1 person without a second factor" }).click();
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await see(row("Berg, Eva").getByRole("cell", { name: "none", exact: true }));
  await seeGone(row("Owner, Olga"));
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Second factor").selectOption("Set up");
  await see(row("Owner, Olga").getByRole("cell", { name: "set up", exact: true }));
  await seeGone(row("Berg, Eva"));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Second factor set up Take off" }).click();
  await page.getByRole("link", { name: "Berg, Eva" }).click();
  await see(page.getByText("Not signed in anywhere at the moment."));
});

test("nothing went wrong in any page", () => {
  expect(browser.troubles).toEqual([]);
});
