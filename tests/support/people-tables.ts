import fc from "fast-check";

/** A table of people as somebody has it in a spreadsheet, whatever kind of file it becomes. */
export type Table = { headers: string[]; rows: string[][] };

/** What makes trouble in files: whatever quotes, separates, ends lines, calculates or cannot be seen. */
const troublesome = [
  '"',
  '""',
  "'",
  ",",
  ";",
  "\t",
  "|",
  "\n",
  "\r\n",
  "\r",
  " ",
  "  ",
  "\u00a0",
  "\u200b",
  "\ufeff",
  "=1+1",
  "-",
  "+",
  "@",
  "\\",
  "<b>",
  "&amp;",
  "_x0041_",
  "\u0001",
  "\u0085",
  "\u2028",
  "\ufffe",
  "#",
  "0",
  "42",
  "1e3",
  "sep=;",
];
const letters = ["a", "Z", "é", "ß", "ł", "Ø", "Ж", "ω", "陳", "ひ", "한", "ن", "😀", "e\u0301"];

const textOf = (pieces: readonly string[], most: number) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: most }).map((parts) => parts.join(""));

/** What people hardly ever write, and files break on. */
export const troublesomeText = (most: number) => textOf([...letters, ...troublesome], most);

const words = ["Anna", "Müller", "O'Connor", "de la Cruz", "Łukasz", "Jr.", "陳 大文", "Zoë"];
const broken = /[\r\n\u0085\u2028]/g;

/** Mostly what people write, now and then what nobody should. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: textOf([...letters, ...letters, ...troublesome], 5) },
);
const address = fc.oneof(
  { weight: 6, arbitrary: fc.nat(30).map((n) => `person${n}@northwind.example`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "anna@northwind",
      "anna berg@x.example",
      "a@x.example; b@x.example",
      "Ola <ola@x.example>",
      "zoë@münchen.example",
    ),
  },
  { weight: 1, arbitrary: textOf(["a", "@", "x.example", ...troublesome], 5) },
);
const groups = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.subarray(["Staff", "Sales", "Sales, North", "Wartung & Co.", "2024"]),
        fc.constantFrom(";", "; ", ","),
      )
      .map(([names, between]) => names.join(between)),
  },
  { weight: 1, arbitrary: textOf(["Staff", "x", ...troublesome], 4) },
);
const password = fc.oneof(
  { weight: 3, arbitrary: fc.nat(99).map((n) => `quiet river stone ${n}`) },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "short", "=quiet river, stone", '"quiet" river; stone') },
  { weight: 1, arbitrary: textOf(["quiet river ", ...troublesome], 5) },
);
const blocked = fc.constantFrom("", "Yes", "no", "active", "perhaps");
const language = fc.constantFrom("", "de", "es-MX", "Deutsch", " English ", "Klingon");
const unused = textOf([...troublesome, ...letters], 8);

const columns = {
  "First name": name,
  "Last name": name,
  Email: address,
  Groups: groups,
  Password: password,
  Language: language,
  Suspended: blocked,
  Notes: unused,
  PK: fc.nat(9).map(String),
  "Phone, private": unused,
  'Size 12"': unused,
} as const;
export type Column = keyof typeof columns;

const always = ["First name", "Last name", "Email"] as const;
const sometimes = [
  "Groups",
  "Password",
  "Language",
  "Suspended",
  "Notes",
  "PK",
  "Phone, private",
  'Size 12"',
] as const;

type Kind = {
  /** Which columns there may be beside names and address. */
  among?: readonly Column[];
  /** A line break in a value that is used means that rows may have run together: what is shown of it depends on the order. */
  onOneLine?: boolean;
};

/** Tables of people with any of the columns, in any order. Somebody has an address, so that there is a row to read. */
export function peopleTables({ among = sometimes, onOneLine = false }: Kind = {}): fc.Arbitrary<Table> {
  const headers = fc
    .subarray([...among])
    .chain((others) =>
      fc.shuffledSubarray([...always, ...others], { minLength: 3 + others.length }),
    ) as fc.Arbitrary<Column[]>;
  const cellOf = (header: Column) =>
    onOneLine && columns[header] !== unused
      ? columns[header].map((cell) => cell.replace(broken, " "))
      : columns[header];
  return headers.chain((chosen) =>
    fc
      .array(fc.tuple(...chosen.map(cellOf)), { minLength: 1, maxLength: 8 })
      .map((rows) => ({ headers: [...chosen], rows: [...rows, somebody(chosen)] })),
  );
}

const somebody = (headers: readonly Column[]) =>
  headers.map((header) =>
    header === "Email"
      ? "last@northwind.example"
      : header === "First name" || header === "Last name"
        ? "Last"
        : "",
  );
