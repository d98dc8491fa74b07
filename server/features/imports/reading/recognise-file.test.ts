import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { recognise, refusal } from "#tests/support/import-file.ts";

const people = "First name,Last name,Email\r\nZoë,Müller,zoe@northwind.example\r\n";
const encoded = (text: string, encoding: string) => iconv.encode(text, encoding);

describe("the encoding", () => {
  test.each([
    ["UTF-8", Buffer.from(people), "utf-8"],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${people}`), "utf-8"],
    ["ASCII", Buffer.from(people.normalize("NFD").replace(/\p{M}/gu, "")), "utf-8"],
    ["UTF-16 LE with a mark", encoded(`\ufeff${people}`, "utf-16le"), "utf-16le"],
    ["UTF-16 BE with a mark", encoded(`\ufeff${people}`, "utf-16be"), "utf-16be"],
    ["UTF-16 LE without", encoded(people, "utf-16le"), "utf-16le"],
    ["UTF-16 BE without", encoded(people, "utf-16be"), "utf-16be"],
    ["Windows-1252", encoded(people, "windows-1252"), "windows-1252"],
  ])("%s", (_, file, encoding) => {
    const recognised = recognise(file);
    expect(recognised).toMatchObject({
      encoding,
      headers: ["First name", "Last name", "Email"],
      headerRow: 1,
    });
  });

  test.each([
    [
      "windows-1250",
      "Imię;Nazwisko",
      "Łukasz Wójcik Grzegorz Zając Małgorzata Wiśniewska Paweł Dąbrowski Jędrzej Źrebięć",
    ],
    [
      "windows-1251",
      "Имя;Фамилия",
      "Дмитрий Иванов Анна Петрова Сергей Смирнов Ольга Кузнецова Алексей Соколов",
    ],
    [
      "windows-1253",
      "Όνομα;Επώνυμο",
      "Γιώργος Παπαδόπουλος Ελένη Νικολάου Κώστας Δημητρίου Μαρία Γεωργίου Νίκος Ιωάννου",
    ],
    ["shift_jis", "名;姓", "たろう やまだ 花子 鈴木 イチロー 佐藤 次郎 田中 美咲 高橋"],
    ["gb18030", "名字;姓", "小明 王 建国 李 晓红 张 国强 刘 美丽 陈"],
    ["big5", "名字;姓", "小明 王 美玲 陳 志強 林 淑芬 黃 俊傑 張"],
    ["euc-kr", "이름;성", "민수 김 지은 이 서준 박 하은 최 도윤 정"],
  ])("%s is told from Windows-1252, and said to be a guess", (encoding, headers, names) => {
    const words = names.split(" ");
    const rows = words.map((word, no) => `${word};${words[no - 1] ?? words[1]};user${no}@x.example\r\n`);
    const recognised = recognise(encoded(`${headers};Email\r\n${rows.join("")}`, encoding));
    expect(recognised.encoding).toBe(encoding);
    expect(recognised.headers).toEqual([...headers.split(";"), "Email"]);
    expect(recognised.notes).toMatchObject([{ code: "encoding_guessed" }]);
  });

  test.each([
    "José Núñez María García Íñigo López Begoña Peña",
    "Åsa Öberg Søren Nørgaard Kjær",
    "Ólafur Jónsdóttir Guðrún Þórsdóttir",
    "Élodie Lefèvre François Lacœuille Œuvrard",
    "João Conceição Inês Gonçalves",
    "Müller",
    "Tomáš Dvorák",
  ])("Windows-1252 is taken for nothing else: %s", (names) => {
    const file = encoded(
      `First name,Email\r\n${names.replaceAll(" ", ",a@x.example\r\n")},b@x.example`,
      "windows-1252",
    );
    expect(recognise(file).encoding).toBe("windows-1252");
  });

  test("can be chosen", () => {
    const german = encoded("Name;E-Mail\r\nŁukasz Zając;l@x.example\r\n", "windows-1250");
    expect(recognise(german, { encoding: "windows-1250" })).toMatchObject({
      encoding: "windows-1250",
      notes: [],
    });
  });

  test("a few broken bytes do not turn UTF-8 into something else", () => {
    const file = Buffer.concat([
      Buffer.from(`${people}${"Zoë,Müller,z@x.example\r\n".repeat(20)}M`),
      Buffer.from([0xfc]),
    ]);
    expect(recognise(file).encoding).toBe("utf-8");
  });

  test("a character cut off at the end of what is looked at does no harm", () => {
    const lines = "Zoë,Müller,zoe@northwind.example\r\n".repeat(3000);
    for (const padding of ["", "x", "xx", "xxx"]) {
      expect(
        recognise(`First name,Last name,Email${padding}\r\n${lines.replaceAll("ü", "😀")}`).encoding,
      ).toBe("utf-8");
    }
  });
});

describe("the delimiter", () => {
  test.each([
    ["First name,Last name,Email\nAnna,Berg,a@x.example\n", ","],
    ["First name;Last name;Email\nAnna;Berg;a@x.example\n", ";"],
    ["First name\tLast name\tEmail\nAnna\tBerg\ta@x.example\n", "\t"],
    ["First name|Last name|Email\nAnna|Berg|a@x.example\n", "|"],
    ["Vorname;Nachname;E-Mail;Gruppen\nAnna;Berg;a@x.example;Staff,Sales,First Aid\n", ";"],
    ["Name,Email,Groups\nAnna Berg,a@x.example,Staff;Sales;First Aid\n", ","],
    ['"Name, as written";"Email";"Notes"\n"Berg, Anna";a@x.example;"a,b,c,d"\n', ";"],
    ['Name,Email,Notes\n"Berg; Anna",a@x.example,"a;b;c\nd;e;f"\n', ","],
    ["Kolumna A;Kolumna B;Kolumna C\n1;2;3\n", ";"],
    ["Email\na@x.example\n", ","],
    ["sep=;\r\nName;Email\r\nBerg, Anna;a@x.example\r\n", ";"],
    ["sep=|\nName|Email\n", "|"],
  ])("of %j is %j", (file, delimiter) => {
    expect(recognise(`${file}\nx`).delimiter).toBe(delimiter);
  });

  test("can be chosen", () => {
    expect(recognise("Name,Email;x\na,b;c\n", { delimiter: ";" }).headers).toEqual(["Name,Email", "x"]);
  });
});

describe("the row of the headings", () => {
  test.each([
    ["Name,Email\nAnna Berg,a@x.example\n", 1, ["Name", "Email"]],
    ["\r\n,,\r\nName,Email\r\nAnna Berg,a@x.example\r\n", 3, ["Name", "Email"]],
    [
      "version:v1.0,\nName [displayName] Required,User name [userPrincipalName] Required\nA B,a@x.example\n",
      2,
      null,
    ],
    ["sep=,\nName,Email\nAnna Berg,a@x.example\n", 1, ["Name", "Email"]],
    ["Employees 2026,\nprinted on Monday,\n,\nName,Email\nAnna Berg,a@x.example\n", 4, ["Name", "Email"]],
    ["Name,Email (like anna@x.example)\nAnna Berg,a@x.example\n", 1, ["Name", "Email (like anna@x.example)"]],
    ['"First\nname",Last name,Email\nAnna,Berg,a@x.example\n', 1, ["First\nname", "Last name", "Email"]],
  ])("of %j is %i", (file, headerRow, headers) => {
    const recognised = recognise(file);
    expect(recognised.headerRow).toBe(headerRow);
    if (headers) expect(recognised.headers).toEqual(headers);
  });

  test("says that a title above is left out, and can be chosen", () => {
    const file = "Employees 2026,\nName,Email\nAnna Berg,a@x.example\n";
    expect(recognise(file).notes).toMatchObject([{ code: "rows_above_header" }]);
    expect(recognise(file, { headerRow: 1 }).headers).toEqual(["Employees 2026", ""]);
  });
});

describe("what is no table is refused and named", () => {
  test.each([
    ["", "empty_file", /empty/],
    ["\ufeff\r\n\r\n , \r\n", "empty_file", /empty/],
    ["First name,Last name,Email\r\n", "no_rows", /nobody below/],
    ["First name,Last name,Email\r\n,,\r\n\r\n", "no_rows", /nobody below/],
    ["Anna,Berg,anna@northwind.example\r\n", "no_headings", /instead of headings/],
    [`${"a,".repeat(600)}Email\nx\n`, "too_many_columns", /601 columns/],
    ["%PDF-1.7 …", "not_a_table", /This is a PDF/],
    ["<!DOCTYPE html><html>", "not_a_table", /web page/],
    ["  <table><tr>", "not_a_table", /web page/],
    ['[\n  {"email": "a@x.example"}]', "not_a_table", /JSON/],
    ["BEGIN:VCARD\nFN:Anna", "not_a_table", /vCard/],
    [
      "PK\x03\x04....xl/workbook.xml",
      "not_a_table",
      /This is an Excel workbook \(.xlsx\). Save it as CSV UTF-8/,
    ],
    ["PK\x03\x04....[Content_Types].xml", "not_a_table", /Excel workbook/],
    ["PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "not_a_table", /OpenDocument/],
    ["PK\x03\x04....people.csv", "not_a_table", /zip archive/],
    ["Name,Email\nAnna\0\0\0Berg,a@x.example", "not_a_table", /not a text file/],
  ])("%j: %s", (file, code, message) => {
    expect(refusal(file)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each([
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], /picture \(PNG\)/],
    [[0xff, 0xd8, 0xff, 0xe0], /picture \(JPEG\)/],
    [[0xd0, 0xcf, 0x11, 0xe0, 0xa1], /old Excel workbook/],
    [[0x1f, 0x8b, 0x08], /gzip/],
    [[0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 0], /not a text file/],
  ])("bytes %j", (bytes, message) => {
    expect(refusal(Uint8Array.from(bytes))).toMatchObject({
      code: "not_a_table",
      message: expect.stringMatching(message),
    });
  });

  test("not a file whose first fifty rows are blank, or whose first quote is never closed", () => {
    expect(refusal(`Name,Email\n${",\n".repeat(80)}Anna Berg,a@x.example\n`)).toBeUndefined();
    expect(refusal('Name,Email\n"Anna Berg,a@x.example\n')).toBeUndefined();
  });
});
