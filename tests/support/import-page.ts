import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { follow, see } from "./portal-page.ts";

const columns = ["Row", "First name", "Last name", "Email", "Groups"];

/** What people do on the screen of an import; `present` answers the page by the time something is done. */
export function importPage(present: () => Page) {
  const press = (name: string | RegExp) => present().getByRole("button", { name }).first().click();
  return {
    press,
    newImport: async () => {
      await follow(present(), "/t/northwind/import");
      // Folded, or not there at all, on the page of the import before.
      await see(present().getByText("Keep the first row with the headings.", { exact: false }));
      await see(present().getByRole("heading", { name: "Import User" }));
    },
    pressImport: () => present().getByRole("button", { name: "Import CSV", exact: true }).click(),
    /** Makes a choice of the plan, and waits until the server has the plan made so. */
    choose: (control: Locator) =>
      Promise.all([
        present().waitForResponse((answer) => answer.request().method() === "PATCH"),
        control.click(),
      ]),
    figure: (label: string, value: number) =>
      present()
        .getByText(label)
        .locator("xpath=following-sibling::*")
        .filter({ hasText: new RegExp(`^${value}$`) }),
    /** A cell of the rows, by the number of the row and the label of the column. */
    cell: (rowNo: number, label: string) =>
      present()
        .getByRole("row")
        .filter({ has: present().getByRole("gridcell", { name: String(rowNo), exact: true }) })
        .getByRole("gridcell")
        .nth(columns.indexOf(label)),
    /** The file that this gives. */
    download: async (control: Locator) => {
      const [file] = await Promise.all([present().waitForEvent("download"), control.click()]);
      return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
    },
  };
}
