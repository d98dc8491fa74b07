import { expect, test } from "vitest";
import { checkFile } from "#tests/support/import-file.ts";
import { importTemplate } from "./templates.ts";

test("the templates hold the headings and nobody", () => {
  expect(importTemplate("create")).toBe("\ufeffFirst name,Last name,Email,Password,Groups,Language\r\n");
  expect(importTemplate("invite")).toBe("\ufeffFirst name,Last name,Email,Groups,Language\r\n");
});

test("filled in, they import", async () => {
  const created = await checkFile(
    `${importTemplate("create")}Anna,Berg,anna.berg@northwind.example,xkCUde7MgA?2,Staff;Sales,Deutsch\r\n`,
  );
  expect(created).toMatchObject({
    problems: [],
    mapping: { kind: "create" },
    rows: [
      {
        firstName: "Anna",
        password: "xkCUde7MgA?2",
        groupNames: ["Staff", "Sales"],
        language: "de",
        problems: [],
        notes: [],
      },
    ],
  });
  const invited = await checkFile(`${importTemplate("invite")}Anna,Berg,anna.berg@northwind.example,,\r\n`);
  expect(invited).toMatchObject({
    problems: [],
    mapping: { kind: "invite" },
    rows: [{ lastName: "Berg", language: "", problems: [] }],
  });
});
