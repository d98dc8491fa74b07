import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "#tests/support/browser.ts";
import { importPage } from "#tests/support/import-page.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { chooseFiles, createGroup, goTo, see, seeGone, setUpInBrowser } from "#tests/support/portal-page.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { until } from "#tests/support/until.ts";

/** An import from the first file to its undoing, as the person who has the spreadsheet goes through it. */
let muster: MusterProcess;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  [muster, browser] = await Promise.all([musterProcess(), openBrowser()]);
  page = await browser.window();
  await setUpInBrowser(page, muster);
  await goTo(page, "Groups");
  for (const name of ["Engineering", "Sales"]) await createGroup(page, { name });
});
afterAll(async () => {
  expect(browser?.troubles).toEqual([]);
  await browser?.close();
  await muster?.stop();
});

const { newImport, press, pressImport, choose, figure, cell, download } = importPage(() => page);
const emails = async () => {
  const rows = await muster.query<{ state: string; count: number }>(
    "select state, count(*)::int as count from messages group by state",
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};

test("columns nobody recognises are mapped by hand, and a mistyped group is the one that was meant", async () => {
  await newImport();
  await chooseFiles(page, {
    name: "odd.csv",
    content:
      "Who,Surname of them,Where,Shift\nAnna,Berg,anna@northwind.example,Enginering\nBela,,bela@northwind.example,Slaes\n",
  });
  const mapping = page.getByRole("table", { name: "Use of each column" });
  await see(mapping);
  await see(mapping.getByText("anna@northwind.example"));
  for (const [column, use] of [
    ["Who", "First name"],
    ["Surname of them", "Last name"],
    ["Where", "Email"],
    ["Shift", "Groups"],
  ] as const) {
    await mapping.getByRole("combobox", { name: `Use of ${column}` }).click();
    await page.getByRole("option", { name: use, exact: true }).click();
  }
  await press("Use these columns");
  await see(page.getByRole("button", { name: "Use Engineering" }));
  // Of two problems of a row neither waits for the other, and each is said once.
  const groupCell = cell(2, "Groups");
  await page.getByRole("button", { name: /^All rows/ }).click();
  await see(groupCell.getByText("There is no group Enginering.", { exact: false }));
  expect(await groupCell.getByText("There is no group", { exact: false }).count()).toBe(1);
  await see(cell(3, "Last name").getByText("Last name is missing."));
  await see(cell(3, "Groups").getByText("There is no group Slaes. Did you mean Sales?"));
  const box = page.getByRole("region", { name: "Groups to look at" });
  await see(box.getByText("One group does not exist"));
  await press("Use Engineering");
  await see(box.getByText("Every group is settled"));
  await see(box.getByText("Enginering becomes Engineering"));
  await see(box.getByRole("button", { name: "Another group for Enginering" }));
  await see(box.getByRole("button", { name: "Take back Enginering" }));
  expect(await box.getAttribute("data-open")).toBeNull();
  await see(groupCell.getByText("Engineering (in the file: Enginering)"));
  await see(page.getByText("1 person will be invited. 1 email is put into the built-in mailbox."));
});

test("a wrong value is mended in its cell, by keyboard", async () => {
  await see(page.getByText("Last name is missing."));
  await cell(3, "Last name").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Last name, row 3" }).fill("Cruz");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Cruz");
  await press("Use Sales");
  await see(page.getByText("2 people will be invited. 2 emails are put into the built-in mailbox."));
});

test("emails are held, released to one group first, then to all", async () => {
  const held = page.getByText("2 emails are written and held until you release them");
  expect(await held.count()).toBe(0);
  await choose(page.getByRole("radio", { name: "Hold them until I release them" }));
  await see(
    page.getByText("2 people will be invited. 2 emails are written and held until you release them."),
  );
  await see(page.getByRole("radiogroup", { name: "2 emails are written and held until you release them" }));
  await pressImport();
  await see(page.getByText("2 people were imported."));
  await see(cell(2, "Groups").getByText("Engineering (in the file: Enginering)"));
  expect(await emails()).toEqual({ held: 2 });
  await page.getByRole("combobox", { name: "To whom" }).click();
  await page.getByRole("option", { name: "Sales" }).click();
  await press("Send held emails");
  await page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
  await until(async () => (await emails()).accepted === 1, "the email to Sales");
  expect(await emails()).toEqual({ held: 1, accepted: 1 });
  await seeGone(page.getByRole("dialog"));
  await page.reload();
  await press("Send held emails");
  await page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
  await until(async () => (await emails()).accepted === 2, "all emails");
});

test("without a mail server nothing is said to be sent: the emails lie in the built-in mailbox, each row says so", async () => {
  await see(figure("Emails in the mailbox", 2));
  expect(await page.getByText("Emails sent").count()).toBe(0);
  await expect.poll(() => page.getByRole("gridcell", { name: "In the mailbox" }).count()).toBe(2);
  await page.getByRole("main").getByRole("link", { name: "built-in mailbox" }).click();
  await see(page.getByText("anna@northwind.example"));
});

test("where files go in is the first thing on the screen, what they must hold stands below", async () => {
  await page.setViewportSize({ width: 1280, height: 860 });
  await newImport();
  const top = async (name: string) =>
    (await page.getByRole("heading", { name, exact: true }).boundingBox())?.y ?? 0;
  expect(await top("Choose Files")).toBeLessThan(await top("Templates, and what a file needs"));
  const button = await page.getByRole("button", { name: "Choose Files" }).boundingBox();
  const bar = await page.getByRole("button", { name: "Import CSV" }).boundingBox();
  expect(button?.y).toBeLessThan(bar?.y ?? 0);
});

test("of an import that creates and invites the problem rows come by one control, each kind in a file of its own", async () => {
  await newImport();
  await chooseFiles(
    page,
    { name: "create.csv", content: "First name,Last name,Email,Password\nCleo,Cut,cleo@,ten slow boats\n" },
    { name: "invite.csv", content: "First name,Last name,Email\nIris,Ill,iris@\n" },
  );
  await page.getByRole("button", { name: "Download the problem rows" }).press("Enter");
  const items = page.getByRole("menuitem");
  await see(items);
  expect(await items.count()).toBe(4);
  const home = (
    await download(page.getByRole("menuitem", { name: "Those to invite, CSV" }))
  ).content.toString();
  expect([home.includes("Iris"), home.includes("Cleo")]).toEqual([true, false]);
});

test("the problem rows go home, come back mended, and nobody is made twice", async () => {
  await newImport();
  await chooseFiles(page, {
    name: "staff.csv",
    content:
      "First name,Last name,Email,Groups,Abteilung\nCara,Diaz,cara@northwind.example,,Lager\nDora,,dora@northwind.example,Sales,\nEve,Fox,eve@northwind,,\n",
  });
  const offered = page.getByRole("list", { name: "Columns that may be groups" });
  await see(offered.getByText("Abteilung may be groups: Lager"));
  await see(offered.getByRole("button", { name: "Use Abteilung as groups" }));
  await see(
    page
      .getByText("2 rows have a problem", { exact: false })
      .or(page.getByText("2 rows have problems", { exact: false })),
  );
  await pressImport();
  await see(page.getByText("1 person was imported."));
  const home = (await download(page.getByRole("link", { name: "Problem rows as CSV" }))).content.toString();
  const mended = home.replace("Dora,,", "Dora,Ek,").replace("eve@northwind,", "eve@northwind.example,");
  await newImport();
  await chooseFiles(page, { name: "problem-rows.csv", content: mended });
  await see(page.getByText("2 people will be invited. 2 emails are put into the built-in mailbox."));
  await pressImport();
  await see(page.getByText("2 people were imported."));
  await newImport();
  await chooseFiles(page, { name: "problem-rows.csv", content: mended });
  await see(page.getByText("All 2 people in this file are here already: nothing changes."));
  await see(page.getByText("is the very file that was", { exact: false }));
});

test("emails that are to go at a time are held until it is said, and nothing is imported before", async () => {
  const mailOf = async () =>
    (await muster.query("select mail, mail_at from imports order by id desc limit 1"))[0];
  const bar = page.locator("[data-figures]");
  await newImport();
  await chooseFiles(page, {
    name: "later.csv",
    content: "First name,Last name,Email\nLara,Later,lara@northwind.example\n",
  });
  await see(bar.getByText("1 person will be invited · 1 email to the built-in mailbox"));
  await choose(page.getByRole("radio", { name: "Send them at a time" }));
  expect(await mailOf()).toMatchObject({ mail: "hold" });
  await pressImport();
  await see(page.getByText("Say at what time the emails go", { exact: false }));
  const year = new Date().getFullYear() + 1;
  await page.getByRole("combobox", { name: "Time zone" }).fill("New_York");
  await page.getByRole("option", { name: "America/New_York" }).click();
  const time = page.getByLabel("Time", { exact: true });
  await time.fill(`${year}-01-05T09:30`);
  await time.blur();
  await see(bar.getByText(`1 person will be invited · 1 email on 5 Jan ${year}, 09:30, America/New_York`));
  expect(await mailOf()).toMatchObject({ mail: "schedule", mail_at: new Date(`${year}-01-05T14:30:00Z`) });
  // A time that is refused, or taken out again, leaves no earlier one behind.
  await time.fill("2020-01-05T09:30");
  await time.blur();
  await see(bar.getByText("1 email at a time yet to be said", { exact: false }));
  expect(await mailOf()).toMatchObject({ mail: "hold" });
  await choose(page.getByRole("radio", { name: "Hold them until I release them" }));
  await see(bar.getByText("1 person will be invited · 1 email held"));
  await pressImport();
  await see(page.getByText("1 person was imported."));
});

test("people who are users already are changed where that is chosen: old and new are seen before", async () => {
  await newImport();
  await chooseFiles(page, {
    name: "changes.csv",
    content:
      "First name,Last name,Email,Groups,Sprache\nAnnika,Berg,anna@northwind.example,Sales,de\nNew,One,new@northwind.example,Night shift,\n",
  });
  await choose(page.getByRole("radio", { name: "Update their names and add groups" }));
  await choose(page.getByRole("checkbox", { name: "Create missing groups" }));
  await see(page.getByText("1 person will be invited and 1 changed.", { exact: false }));
  await page.getByRole("button", { name: /^Changed/ }).click();
  await see(page.locator("del", { hasText: "Anna" }));
  await see(page.getByText("+Sales"));
  await see(page.locator("del", { hasText: "the organisation's language" }));
  await choose(page.getByRole("radio", { name: "Hold them until I release them" }));
  await see(page.getByRole("radio", { name: "Hold them until I release them", checked: true }));
  await pressImport();
  await see(page.getByText("1 person was imported and 1 person was changed."));
});

test("undo says what it will do, does it, and the user's page tells where somebody came from", async () => {
  const address = page.url();
  await press("Undo import");
  const dialog = page.getByRole("dialog");
  await see(dialog.getByText("1 person who has not signed in is erased", { exact: false }));
  await see(dialog.getByText("1 person gets the old name, language and groups back.", { exact: false }));
  await see(dialog.getByText("1 email not sent yet is withdrawn.", { exact: false }));
  await see(dialog.getByText("1 group made by it", { exact: false }));
  expect(await dialog.getByText("been sent their email", { exact: false }).count()).toBe(0);
  await dialog.getByRole("button", { name: "Undo import" }).click();
  await see(page.getByText("1 person was erased, and with them", { exact: false }));
  await see(page.getByText("1 person got back what the import had changed.", { exact: false }));
  await see(page.getByRole("list", { name: "Where it came from" }).getByText(/^Undone by Olga Owner, /));
  await see(cell(2, "First name").getByText(/^\s*Annika\s*becomes\s*→\s*Anna$/));
  const changed = await cell(2, "First name")
    .locator("[title]")
    .evaluate((shown) => shown.scrollWidth - shown.clientWidth);
  expect(changed, "what is cut off of old and new").toBeLessThanOrEqual(0);
  await see(cell(3, "First name").getByText("erased"));
  const names = await muster.query<{ name: string }>(
    "select first_name as name from users where email_key like 'anna@%'",
  );
  expect(names).toEqual([{ name: "Anna" }]);
  expect(await muster.query("select from users where email_key like 'new@%'")).toEqual([]);
  expect(await muster.query("select from groups where name = 'Night shift'")).toEqual([]);

  await goTo(page, "Users");
  await page.getByRole("link", { name: "Berg, Anna" }).click();
  await see(page.getByText("Came from odd.csv, row 2, imported", { exact: false }));
  await page.goto(address);
  await see(page.getByText("1 person was erased", { exact: false }));
});

test("whoever is missing from the next file of a source is listed, ticked, and suspended after the days of grace", async () => {
  const nameSource = async () => {
    await page.getByText("More choices").click();
    await page.getByLabel("Where these people come from").fill("payroll");
    await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === "PATCH"),
      page.keyboard.press("Tab"),
    ]);
  };
  const heading = "First name,Last name,Email\n";
  const stays = "Sam,Tay,sam@northwind.example\n";
  await newImport();
  await chooseFiles(page, {
    name: "payroll.csv",
    content: `${heading}${stays}Pia,Quist,pia@northwind.example\nRia,Quist,ria@northwind.example\n`,
  });
  await nameSource();
  await pressImport();
  await see(page.getByText("3 people were imported."));

  await newImport();
  await chooseFiles(page, { name: "payroll.csv", content: heading + stays });
  await nameSource();
  const missing = page.getByRole("region", { name: "People missing from this file" });
  await see(missing.getByText("2 people from payroll are missing from this file"));
  await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "POST"),
    missing.getByRole("checkbox", { name: "Suspend Pia Quist" }).click(),
  ]);
  await see(missing.getByLabel("Days of grace before 1 person is suspended"));
  await missing.getByLabel("Days of grace").fill("0");
  await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "PATCH"),
    page.keyboard.press("Tab"),
  ]);
  await pressImport();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("to confirm", { exact: false }).fill("northwind");
  await dialog.getByRole("button", { name: "Import CSV" }).click();
  const status = async (who: string) =>
    (await muster.query<{ status: string }>("select status from users where email_key = $1", [who]))[0]
      ?.status;
  await until(async () => (await status("pia@northwind.example")) === "suspended", "the suspension");
  expect(await status("ria@northwind.example")).toBe("invited");
});

test("above the safety limits an import asks for a typed word first", async () => {
  await goTo(page, "Imports");
  await page.getByRole("link", { name: "Safety limits" }).click();
  const limits = page.getByRole("region", { name: "Imports" });
  await limits.getByLabel("Emails sent").fill("1");
  await limits.getByRole("button", { name: "Save" }).click();
  await see(page.getByText("Saved: the safety limits of imports."));
  await newImport();
  await chooseFiles(page, {
    name: "many.csv",
    content: "First name,Last name,Email\nA,B,a@northwind.example\nC,D,c@northwind.example\n",
  });
  await see(page.getByText("2 people will be invited. 2 emails are put into the built-in mailbox."));
  await pressImport();
  const dialog = page.getByRole("dialog");
  await see(dialog.getByText("It sends 2 emails, more than 1."));
  await dialog.getByRole("button", { name: "Import CSV" }).click();
  await see(dialog.getByText("confirm it by typing northwind", { exact: false }));
  await dialog.getByLabel("to confirm", { exact: false }).fill("northwind");
  await dialog.getByRole("button", { name: "Import CSV" }).click();
  await see(page.getByText("2 people were imported."));
});

test("whom the list shows is exported; imported again nothing changes, and one changed cell changes one person", async () => {
  const exportAs = async (format: "CSV" | "Excel") => {
    await page.goto(`${muster.address}/t/northwind/users?search=a`);
    await press("Export");
    // Anna, A and nobody else: the owner and the others begin with another letter.
    await see(page.getByText("Export 2 people as"));
    return download(page.getByRole("menuitem", { name: format }));
  };
  const replaceGroups = page.getByRole("radio", { name: "Update their names and replace their groups" });
  const workbook = await exportAs("Excel");
  await newImport();
  await chooseFiles(page, workbook);
  await choose(replaceGroups);
  await see(
    page.getByText("All 2 people in this file are here already, exactly as the file says: nothing changes."),
  );
  // It does nothing, says so beforehand to whoever comes to it by keyboard, and again to whoever presses it.
  const button = page.getByRole("button", { name: "Import CSV", exact: true });
  expect(await button.getAttribute("aria-disabled")).toBe("true");
  await button.focus();
  const beside = page.locator(`[id="${await button.getAttribute("aria-describedby")}"]`);
  await see(
    beside.getByText("There is nothing to import: everybody in the file is here already", { exact: false }),
  );
  await page.keyboard.press("Enter");
  await see(page.getByRole("alert").getByText("There is nothing to import", { exact: false }));

  const { name, content } = await exportAs("CSV");
  await newImport();
  await chooseFiles(page, { name, content: content.toString().replace("Anna", "Annabel") });
  await choose(replaceGroups);
  await see(page.getByText("1 person will be changed. Nobody gets an email.", { exact: false }));
  await see(page.getByText("1 person is here already, exactly as the file says: nothing changes for them."));
  await pressImport();
  await see(page.getByText("1 person was changed. 1 person was here already: nothing changed for them."));
});

test("whom the file suspends is said to get no email before, afterwards and on their page", async () => {
  await newImport();
  await chooseFiles(page, {
    name: "blocked.csv",
    content:
      "First name,Last name,Email,Block sign in\nSusi,Still,susi@northwind.example,Yes\nAlva,Awake,alva@northwind.example,No\n",
  });
  await see(page.getByText("2 people will be invited · 1 email to the built-in mailbox"));
  await pressImport();
  await see(page.getByText("2 people were imported."));
  await page.getByRole("button", { name: /^Created, suspended/ }).click();
  await see(page.getByRole("gridcell", { name: "none yet" }));
  await page.getByRole("link", { name: "Open Susi Still" }).click();
  await see(page.getByText("Cannot sign in until they are reactivated."));
  await see(page.getByText("Their first one goes when they are reactivated."));
});
