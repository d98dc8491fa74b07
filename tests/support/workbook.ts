import { buffer } from "node:stream/consumers";
import yazl from "yazl";

/** A zip archive of these files. */
export async function zipOf(files: Record<string, string>, { stored = false } = {}): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [path, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), path, { compress: !stored });
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}

const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

type Sheets = Record<string, string>;

/** A workbook put together by hand: each sheet's XML, the inside of the shared strings and of the styles. */
export function workbook({
  sheets,
  hidden = {},
  strings,
  styles,
}: {
  sheets: Sheets;
  hidden?: Sheets;
  strings?: string;
  styles?: string;
}) {
  const all = [
    ...Object.entries(sheets).map(([name, xml]) => ({ name, xml, state: "visible" })),
    ...Object.entries(hidden).map(([name, xml]) => ({ name, xml, state: "hidden" })),
  ];
  const target = (id: string, type: string, path: string) =>
    `<Relationship Id="${id}" Type="${relation}/${type}" Target="${path}"/>`;
  return zipOf({
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": `<Relationships>${target("r1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `<workbook xmlns:r="${relation}"><sheets>${all
      .map(({ name, state }, n) => `<sheet name="${name}" sheetId="${n + 1}" state="${state}" r:id="s${n}"/>`)
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${all.map((_, n) => target(`s${n}`, "worksheet", `worksheets/sheet${n}.xml`)).join("")}${target("strings", "sharedStrings", "/xl/sharedStrings.xml")}${target("styles", "styles", "styles.xml")}</Relationships>`,
    "xl/sharedStrings.xml": `<sst>${strings ?? ""}</sst>`,
    "xl/styles.xml": `<styleSheet>${styles ?? ""}</styleSheet>`,
    ...Object.fromEntries(all.map(({ xml }, n) => [`xl/worksheets/sheet${n}.xml`, xml])),
  });
}
