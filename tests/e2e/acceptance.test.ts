import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import {
  addUser,
  chooseFiles,
  chooseGroups,
  createGroup,
  follow,
  goTo,
  mode,
  openAddUser,
  ownerPassword,
  passwordField,
  problemAt,
  rowOf,
  see,
  seeGone,
  setUpInBrowser,
  signInAt,
} from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

/** The acceptance criteria of the portal one by one, where the story does not prove them. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  page = await browser.window();
  await setUpInBrowser(page, muster);
});
afterAll(async () => {
  await browser?.close();
  await muster?.stop();
});

const portal = () => `${muster.address}/t/northwind/`;
const titles = { users: "Users", groups: "Groups", import: "Import User" };

/** Opens a screen by its address alone: whatever a test before left open is gone. */
const open = async (path: keyof typeof titles) => {
  await follow(page, `/t/northwind/${path}`);
  await see(page.getByRole("heading", { name: titles[path], level: 1, exact: true }));
  await seeGone(page.getByRole("dialog"));
};

/** How much of everything there is. */
const counts = async () => {
  const [row] = await muster.query(
    `select (select count(*)::int from users where deleted_at is null) as users, (select count(*)::int from messages) as messages,
            (select count(*)::int from groups) as groups, (select count(*)::int from memberships) as memberships`,
  );
  return row as Record<"users" | "messages" | "groups" | "memberships", number>;
};

/** Who somebody is in the database: in which groups, and with how many messages. */
const known = async (email: string) =>
  (
    await muster.query(
      `select u.first_name || ' ' || u.last_name as name, u.status,
              array(select g.name from memberships m join groups g on g.id = m.group_id where m.user_id = u.id order by 1) as groups,
              (select count(*)::int from messages m where m.user_id = u.id) as messages
         from users u where u.email = $1 and u.deleted_at is null`,
      [email],
    )
  )[0];

const pressClose = () => page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();

const close = async () => {
  await pressClose();
  await seeGone(page.getByRole("dialog"));
};

/** A form with something typed in it asks before it goes. */
const closeHalfFilled = async () => {
  await pressClose();
  await page.getByRole("button", { name: "Close without saving" }).click();
  await seeGone(page.getByRole("dialog"));
};

test("A1: Users and Groups are in the navigation, and each opens its screen", async () => {
  for (const place of ["Groups", "Users"] as const) {
    await goTo(page, place);
    expect(new URL(page.url()).pathname).toBe(`/t/northwind/${place.toLowerCase()}`);
  }
  await see(page.getByRole("button", { name: "Add User", exact: true }));
  await see(page.getByRole("button", { name: "Import User" }));
});

test("A3: Add User opens on Create User every time, also after Invite User was chosen or used last", async () => {
  await open("users");
  const form = await openAddUser(page);
  expect(await mode(form, "Create User").isChecked()).toBe(true);
  await form.getByText("Invite User").click();
  expect(await mode(form, "Invite User").isChecked()).toBe(true);
  await close();
  expect(await mode(await openAddUser(page), "Create User").isChecked()).toBe(true);
  await close();
  await addUser(page, { firstName: "Ina", lastName: "Invited", email: "ina@northwind.example" });
  expect(await mode(await openAddUser(page), "Create User").isChecked()).toBe(true);
  await page.reload();
  expect(await mode(page.getByRole("dialog"), "Create User").isChecked()).toBe(true);
  await close();
});

test("A4: the fields of both modes; groups are optional, several, and offered the moment they are made", async () => {
  await open("users");
  const form = await openAddUser(page);
  for (const name of ["First name", "Last name", "Email", "Password"])
    await see(form.getByLabel(name, { exact: true }));
  await see(form.getByRole("combobox", { name: "Groups" }));
  await form.getByText("Invite User").click();
  await seeGone(passwordField(form));
  for (const name of ["First name", "Last name", "Email"]) await see(form.getByLabel(name, { exact: true }));

  // While this form is open somebody else makes a group.
  const colleague = await browser.window();
  await signInAt(colleague, portal(), { email: "olga@northwind.example", password: ownerPassword });
  await goTo(colleague, "Groups");
  await createGroup(colleague, { name: "Staff" });
  await createGroup(colleague, { name: "Sales" });
  await chooseGroups(page, form, "Staff", "Sales");
  await form.getByLabel("First name").fill("Nora");
  await form.getByLabel("Last name").fill("Newly");
  await form.getByLabel("Email", { exact: true }).fill("nora@northwind.example");
  await form.getByRole("button", { name: "New User" }).click();
  await see(rowOf(page, "nora@northwind.example"));
  expect(await known("nora@northwind.example")).toMatchObject({
    status: "invited",
    groups: ["Sales", "Staff"],
  });
});

test("A5: an incomplete form makes nothing, sends nothing, and says at each field what is missing", async () => {
  await open("users");
  const before = await counts();
  for (const invite of [false, true]) {
    const form = await openAddUser(page);
    if (invite) await form.getByText("Invite User").click();
    await form.getByRole("button", { name: "New User" }).click();
    expect(await problemAt(form.getByLabel("First name"))).toMatch(/First name/);
    expect(await problemAt(form.getByLabel("Last name"))).toMatch(/Last name/);
    expect(await problemAt(form.getByLabel("Email", { exact: true }))).toMatch(/Email address is missing/);
    if (!invite) expect(await problemAt(passwordField(form))).toMatch(/Enter a password/);
    await form.getByLabel("First name").fill("Half");
    await form.getByLabel("Email", { exact: true }).fill("half@northwind");
    await form.getByRole("button", { name: "New User" }).click();
    expect(await problemAt(form.getByLabel("Email", { exact: true }))).toMatch(/no domain ending/);
    expect(await form.getByLabel("First name").getAttribute("aria-invalid")).not.toBe("true");
    expect(await problemAt(form.getByLabel("Last name"))).toMatch(/missing/);
    await closeHalfFilled();
  }
  expect(await counts()).toEqual(before);
});

test("A5: a complete form makes exactly that user with those groups and one email, also when it is pressed twice", async () => {
  await open("users");
  const before = await counts();
  const form = await openAddUser(page);
  await form.getByLabel("First name").fill("Cora");
  await form.getByLabel("Last name").fill("Complete");
  await form.getByLabel("Email", { exact: true }).fill("cora@northwind.example");
  await passwordField(form).fill("quiet river stone");
  await chooseGroups(page, form, "Staff");
  await form.getByRole("button", { name: "New User" }).dblclick();
  await see(rowOf(page, "cora@northwind.example"));
  expect(await known("cora@northwind.example")).toEqual({
    name: "Cora Complete",
    status: "active",
    groups: ["Staff"],
    messages: 1,
  });
  const after = {
    users: before.users + 1,
    messages: before.messages + 1,
    memberships: before.memberships + 1,
  };
  expect(await counts()).toMatchObject(after);

  // The same address again: refused at the field, and still there is one.
  const again = await openAddUser(page);
  await again.getByText("Invite User").click();
  await again.getByLabel("First name").fill("Cora");
  await again.getByLabel("Last name").fill("Again");
  await again.getByLabel("Email", { exact: true }).fill("CORA@northwind.example");
  await again.getByRole("button", { name: "New User" }).click();
  expect(await problemAt(again.getByLabel("Email", { exact: true }))).toMatch(/already a user/);
  await closeHalfFilled();
  expect(await counts()).toMatchObject(after);
});

/** The file a link of this name gives. */
async function download(name: string) {
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  const file = await downloading;
  return { name: file.suggestedFilename(), content: readFileSync(await file.path(), "utf8") };
}

test("A8, A10: both templates can be downloaded, and filled in as the screen says they import", async () => {
  await open("import");
  const create = await download("User Creation Template");
  const invite = await download("User Invite Template");
  expect(create.name).not.toBe(invite.name);
  const headers = (file: { content: string }) =>
    file.content
      .replace(/^\ufeff/, "")
      .trim()
      .split(",");
  expect(headers(create)).toEqual(["First name", "Last name", "Email", "Password", "Groups", "Language"]);
  expect(headers(invite)).toEqual(["First name", "Last name", "Email", "Groups", "Language"]);
  for (const header of headers(create)) await see(page.getByRole("rowheader", { name: header, exact: true }));
  const said = (await page.getByRole("main").textContent()) ?? "";
  for (const words of [
    /Required/,
    /semicolon/,
    /10 to 128 characters/,
    /1,000,000 rows/,
    /512 MiB/,
    /problem is not imported/,
  ])
    expect(said).toMatch(words);

  const before = await counts();
  await chooseFiles(
    page,
    {
      name: create.name,
      content: `${create.content}Tom,Template,tom@northwind.example,quiet river stone,Staff; Sales,\r\n`,
    },
    {
      name: invite.name,
      content: `${invite.content}Tia,Template,tia@northwind.example,Sales,Deutsch\r\nTed,Template,ted@northwind.example,,\r\n`,
    },
  );
  await see(
    page.getByText("3 people will be created or invited. 3 emails are put into the built-in mailbox."),
  );
  expect(await counts()).toEqual(before);
  await page.getByRole("button", { name: "Import CSV" }).click();
  await see(page.getByText("3 people were imported."));
  expect(await known("tom@northwind.example")).toMatchObject({
    status: "active",
    groups: ["Sales", "Staff"],
    messages: 1,
  });
  expect(await known("tia@northwind.example")).toMatchObject({
    status: "invited",
    groups: ["Sales"],
    messages: 1,
  });
  expect(await known("ted@northwind.example")).toMatchObject({ status: "invited", groups: [], messages: 1 });
  expect(await counts()).toMatchObject({ users: before.users + 3, messages: before.messages + 3 });
});

test("A9: Import CSV without a file imports nothing and says so; it is never greyed out", async () => {
  await open("import");
  const before = await counts();
  const button = page.getByRole("button", { name: "Import CSV" });
  expect(await button.isEnabled()).toBe(true);
  await button.click();
  await see(page.getByRole("alert").filter({ hasText: "Choose a file first. Nothing was imported." }));
  expect(await counts()).toEqual(before);
  expect(await muster.query("select 1 from imports where state = 'applying'")).toEqual([]);
});

test("A9: files can be dropped; what would happen is shown on the same screen, and nothing happens before Import CSV", async () => {
  await open("import");
  const before = await counts();
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    const text =
      "First name,Last name,Email,Groups\nDora,Dropped,dora@northwind.example,Stafff\nDon,Dropped,don@northwind,\n";
    data.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
    return data;
  });
  const target = page.getByRole("main");
  for (const kind of ["dragenter", "dragover", "drop"])
    await target.dispatchEvent(kind, { dataTransfer: dropped });
  await see(page.getByText("Nobody would be imported as the files are now."));
  await see(page.getByRole("button", { name: "Use Staff" }));
  await see(page.getByText("no domain ending"));
  await page.getByRole("button", { name: "Import CSV" }).click();
  await see(page.getByRole("alert").filter({ hasText: "There is nothing to import." }));
  expect(await counts()).toEqual(before);
  await page.getByRole("checkbox", { name: "Create missing groups" }).check();
  await see(page.getByText("One person will be invited").or(page.getByText("1 person will be invited")));
  expect(await counts()).toEqual(before);
});

test("A11: Create Group asks for name, description and active; incomplete it makes nothing; the group appears at once", async () => {
  await open("groups");
  const before = await counts();
  await page.getByRole("button", { name: "Create Group" }).click();
  const form = page.getByRole("dialog", { name: "Create Group" });
  expect(await form.getByRole("switch", { name: "Active" }).isChecked()).toBe(true);
  await form.getByRole("button", { name: "Create Group" }).click();
  expect(await problemAt(form.getByLabel("Name", { exact: true }))).toMatch(/name/i);
  await form.getByLabel("Description").fill("Only a description");
  await form.getByRole("button", { name: "Create Group" }).click();
  expect(await counts()).toEqual(before);

  await form.getByLabel("Name", { exact: true }).fill("Night shift");
  await form.getByRole("switch", { name: "Active" }).click();
  await form.getByRole("button", { name: "Create Group" }).click();
  await seeGone(form);
  await see(rowOf(page, "Night shift"));
  expect(await rowOf(page, "Night shift").textContent()).toContain("Only a description");
  expect(await muster.query("select description, active from groups where name = 'Night shift'")).toEqual([
    { description: "Only a description", active: false },
  ]);
});

test("A12: Edit beside a user adds and removes groups, and memberships not touched stay", async () => {
  await open("users");
  const email = "nora@northwind.example";
  await rowOf(page, email).getByRole("button", { name: "Edit" }).click();
  const form = page.getByRole("dialog", { name: "Edit user" });
  await form.getByRole("button", { name: "Remove Staff" }).click();
  await chooseGroups(page, form, "Night shift");
  // Meanwhile somebody puts her into another group: that is not undone.
  await muster.query(
    `with made as (insert into groups (tenant_id, id, name, name_key, created_at, updated_at)
       select tenant_id, gen_random_uuid(), 'Meanwhile', 'meanwhile', now(), now() from users where email = $1 returning tenant_id, id)
     insert into memberships select made.tenant_id, u.id, made.id from made join users u on u.tenant_id = made.tenant_id and u.email = $1`,
    [email],
  );
  await form.getByRole("button", { name: "Save" }).click();
  await seeGone(form);
  expect(await known(email)).toMatchObject({ groups: ["Meanwhile", "Night shift", "Sales"], messages: 1 });
});

test("A12: a group's page shows its members, adds and removes them", async () => {
  await open("groups");
  await page.getByRole("link", { name: "Staff" }).click();
  await see(page.getByRole("heading", { name: "Staff" }));
  await see(rowOf(page, "cora@northwind.example"));
  expect(await rowOf(page, "ted@northwind.example").count()).toBe(0);
  await page.getByRole("button", { name: "Add members" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Find people" }).fill("Template");
  await form.getByRole("checkbox", { name: "Template, Ted" }).check();
  await form.getByRole("button", { name: "Add members" }).click();
  await see(rowOf(page, "ted@northwind.example"));
  const remove = async () => {
    await rowOf(page, "cora@northwind.example").getByRole("button", { name: "Remove Cora" }).click();
    await seeGone(rowOf(page, "cora@northwind.example"));
  };
  await remove();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await see(rowOf(page, "cora@northwind.example"));
  expect(await known("cora@northwind.example")).toMatchObject({ groups: ["Staff"] });
  await remove();
  expect(await known("ted@northwind.example")).toMatchObject({ groups: ["Staff"] });
  expect(await known("cora@northwind.example")).toMatchObject({ groups: [] });
});

test("A2: a member finds neither the screens nor the operations", async () => {
  const member = await browser.window();
  await signInAt(member, portal(), { email: "cora@northwind.example", password: "quiet river stone" });
  await passwordField(member, "Password you were given").fill("quiet river stone");
  await passwordField(member, "New password").fill("nine green tractors");
  await member.getByRole("button", { name: "Change password" }).click();
  await see(member.getByRole("heading", { name: "Cora Complete" }));
  expect(await member.getByRole("link", { name: /Users|Groups|Imports/ }).count()).toBe(0);
  for (const path of ["users", "users?add=true", "groups", "import", "imports"]) {
    await member.goto(`${portal()}${path}`);
    await see(member.getByText("You have no permission for this page"));
    await expect.poll(() => member.title()).toContain("You have no permission for this page");
    const tools = member.getByRole("button", { name: /Add User|New User|Import|Create Group/ });
    expect(await tools.count()).toBe(0);
  }
  const before = await counts();
  const statuses = await member.evaluate(async () => {
    const send = async (method: string, path: string, body?: object) =>
      (
        await fetch(`/api/v1/t/northwind${path}`, {
          method,
          ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
        })
      ).status;
    const person = { mode: "invite", firstName: "M", lastName: "M", email: "by.member@northwind.example" };
    return [
      await send("GET", "/users"),
      await send("POST", "/users", person),
      await send("POST", "/groups", { name: "Made by a member" }),
      await send("GET", "/import-templates/create.csv"),
      await send("GET", "/imports"),
    ];
  });
  expect(statuses).toEqual([403, 403, 403, 403, 403]);
  expect(await counts()).toEqual(before);
});

test("nothing went wrong in the pages themselves", () => expect(browser.troubles).toEqual([]));
