import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { MusterProcess } from "./run-muster.ts";
import { until } from "./until.ts";

/** What people do in the portal, found as they find it: by role and name. */

export const ownerPassword = "seven yellow bicycles";

type Person = { firstName: string; lastName: string; email: string };

const fillPerson = async (form: Locator | Page, person: Person) => {
  await form.getByLabel("First name").fill(person.firstName);
  await form.getByLabel("Last name").fill(person.lastName);
  await form.getByLabel("Email", { exact: true }).fill(person.email);
};

export const passwordField = (form: Locator | Page, label = "Password") =>
  form.getByLabel(label, { exact: true });

const patienceMs = 15_000;

/** Waits until it is on the screen. Playwright itself would soon look only twice a second. */
export const see = (locator: Locator) =>
  until(() => locator.first().isVisible(), `${locator} on the screen`, patienceMs);

/** Waits until it is not, or no longer, on the screen. */
export const seeGone = (locator: Locator) =>
  until(async () => !(await locator.first().isVisible()), `no ${locator} on the screen`, patienceMs);

/** Opens the printed link and sets the installation up, as its first visitor does. */
export async function setUpInBrowser(page: Page, muster: MusterProcess) {
  await page.goto(muster.setUpLink() ?? "no set-up link was printed");
  await page.getByLabel("Organisation name").fill("Northwind");
  await fillPerson(page, { firstName: "Olga", lastName: "Owner", email: "olga@northwind.example" });
  await passwordField(page).fill(ownerPassword);
  await page.getByRole("button", { name: "Set up" }).click();
  await see(page.getByRole("region", { name: "Begin here" }));
}

export async function signInAt(page: Page, address: string, person: { email: string; password: string }) {
  await page.goto(address);
  await page.getByLabel("Email", { exact: true }).fill(person.email);
  await passwordField(page).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Goes to an address of the portal as its links do, without loading it anew. */
export const follow = (page: Page, path: string) =>
  page.evaluate((to) => history.pushState(null, "", to), path);

/** Follows the navigation to a screen. */
export async function goTo(
  page: Page,
  place: "Home" | "Users" | "Groups" | "Imports" | "Messages" | "Audit" | "Settings",
) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place }).click();
  await see(page.getByRole("heading", { name: place, level: 1 }));
}

export async function openAddUser(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Add User", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Add User" });
  await see(form);
  return form;
}

export const mode = (form: Locator, name: "Create User" | "Invite User") => form.getByRole("radio", { name });

/** Picks groups that exist in a form. */
export async function chooseGroups(page: Page, form: Locator, ...names: string[]) {
  const field = form.getByRole("combobox", { name: "Groups" });
  for (const name of names) {
    await field.fill(name);
    // An inactive group is marked as such behind its name.
    await page.getByRole("option", { name: new RegExp(`^${name}\\b`) }).click();
  }
  await field.press("Escape").catch(() => {});
}

type NewUser = Person & { password?: string; groups?: string[] };

/** Adds a user by the form: with a password created, without one invited. */
export async function addUser(page: Page, { password, groups = [], ...person }: NewUser) {
  const form = await openAddUser(page);
  if (password === undefined) await form.getByText("Invite User").click();
  await fillPerson(form, person);
  if (password !== undefined) await passwordField(form).fill(password);
  if (groups.length > 0) await chooseGroups(page, form, ...groups);
  await form.getByRole("button", { name: "New User" }).click();
  await seeGone(form);
  await see(rowOf(page, person.email));
}

export async function createGroup(page: Page, group: { name: string; description?: string }) {
  await page.getByRole("button", { name: "Create Group" }).click();
  const form = page.getByRole("dialog", { name: "Create Group" });
  await form.getByLabel("Name", { exact: true }).fill(group.name);
  if (group.description) await form.getByLabel("Description").fill(group.description);
  await form.getByRole("button", { name: "Create Group" }).click();
  await seeGone(form);
}

/** The row of a table that has this text. */
export const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

export async function chooseFiles(page: Page, ...files: { name: string; content: string | Buffer }[]) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose Files" }).click(),
  ]);
  await chooser.setFiles(
    files.map(({ name, content }) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) })),
  );
}

/** The words that stand at a field, beneath its label. */
export async function problemAt(field: Locator): Promise<string> {
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ").filter(Boolean);
  const texts = ids.map((id) => field.page().locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(" ").trim();
}
