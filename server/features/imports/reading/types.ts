import type { Language } from "../../tenants/tenant-settings.ts";

/** What the database-free half of an import passes on: recognise the file, read its rows, map its columns, check each row. */

export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1253",
  "windows-1254",
  "shift_jis",
  "gb18030",
  "big5",
  "euc-kr",
] as const;
export type Encoding = (typeof encodings)[number];

export type Delimiter = "," | ";" | "\t" | "|";

/** Something about the whole file. `message` is for the person who chose it: what is wrong and what to do. */
export type FileProblem = {
  code: string;
  message: string;
  /** The row it is about, as the spreadsheet shows it. */
  row?: number;
  /** The headers it is about, as they stand in the file. */
  headers?: string[];
  /** What the person can do about it without touching the file. */
  ways?: ("map_columns" | "names_from_address")[];
};

/** Something worth saying about the whole file that stops nothing. */
export type FileNote = { code: string; message: string };

export type Recognised = {
  encoding: Encoding;
  delimiter: Delimiter;
  /** A first line `sep=;` that spreadsheets obey and do not show: it is not counted as a row. */
  separatorLine: boolean;
  /** As the spreadsheet shows it, usually 1; 2 below Entra's version row. */
  headerRow: number;
  headers: string[];
  notes: FileNote[];
};

export type RecogniseResult = { ok: true; recognised: Recognised } | { ok: false; problem: FileProblem };

/** What the person chose at the mapping step instead of the guess. */
export type RecogniseChoice = Partial<Pick<Recognised, "encoding" | "delimiter" | "headerRow">>;

export type ReadLimits = { rows: number; columns: number; rowBytes: number };

export type ReadOptions = {
  limits?: Partial<ReadLimits>;
  /** Called before the first row it concerns. */
  onNote?: (note: FileNote) => void;
  /** The rows of a sheet end with their last value: what is not there is empty, and nothing has moved. */
  emptyCellsLeftOut?: boolean;
};

export type ReadRow = {
  /** As the spreadsheet shows it: blank rows count, line breaks inside a cell do not. */
  rowNo: number;
  /** As they stand in the file, never more than there are headers unless `problem` says so; fewer in a short row. */
  cells: string[];
  /** The row could not be read properly, so that its values may stand in the wrong columns. */
  problem?: RowProblem;
};

/** What a column can be used for. */
export type ColumnUse =
  | "firstName"
  | "lastName"
  | "fullName"
  | "email"
  | "password"
  | "groups"
  | "language"
  | "blocked";

/** In which language somebody is written to; empty: the tenant's. */
export type RowLanguage = Language | "";

/** How the cells of a column say that somebody must not get in. */
export type BlockedReading = "blocked" | "enabled" | "status" | "deleted";

export type IgnoredColumn = {
  column: number;
  header: string;
  /** Looks like groups, but nobody said so: offered at the mapping step, not taken silently. */
  candidate?: "groups";
};

/** Which column (from 0) holds what. Plain JSON: it is stored, shown and corrected. */
export type ColumnMapping = {
  /** A mapped password column means create, otherwise invite; switchable: `invite` leaves the password column alone. */
  kind: "create" | "invite";
  /** The header row as it stands in the file. */
  headers: string[];
  firstName?: number;
  lastName?: number;
  fullName?: number;
  /** Set where the file has no names and the person chose to take them from the addresses. */
  namesFromAddress?: boolean;
  email?: number;
  password?: number;
  /** How long a password must be at least, where the tenant asks for more than usual. */
  passwordMinimum?: number;
  /** A value here says that the password is a hash (Google Workspace, Canvas). */
  passwordHash?: number;
  groups: number[];
  language?: number;
  blocked?: { column: number; reads: BlockedReading };
  ignored: IgnoredColumn[];
};

/** `problems` empty: the file can be read with this mapping. */
export type RecognisedColumns = { mapping: ColumnMapping; problems: FileProblem[] };

export type RowProblem = {
  /** The header as it stands in the file; empty where it is about the whole row. */
  column: string;
  code: string;
  /** What was read, shortened; always empty for a password. */
  read: string;
  message: string;
};

export type RowNote = { column: string; code: string; message: string };

/** Every text is safe to store (no NUL, no half characters); where a value is refused it is what was read, shortened. */
export type CheckedRow = {
  rowNo: number;
  email: string;
  /** Empty where the address is refused. */
  emailKey: string;
  firstName: string;
  lastName: string;
  /** Each group once, in the order of the row, refused names left out. */
  groupNames: string[];
  /** The keys of these names, in the same order. */
  groupKeys: string[];
  /** What stands in the group cells, split as it was read, refused names too; of more than fit the rest is cut off. */
  groupParts: string[];
  /** Only in a creation file, and only where nothing is wrong with it. */
  password?: string;
  /** In a creation file, where the cell is empty. */
  generatePassword?: true;
  /** Only where the file has such a column, and names one that emails are written in. */
  language?: RowLanguage;
  suspended: boolean;
  problems: RowProblem[];
  notes: RowNote[];
};
