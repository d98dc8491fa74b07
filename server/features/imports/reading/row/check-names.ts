import { checkLine } from "#server/platform/text/check-line.ts";
import { clipText } from "#server/platform/text/clip-text.ts";
import { checkPersonName, nameMaximum } from "../../../users/person-name.ts";
import { splitFullName } from "../split-full-name.ts";
import { nameFromAddress } from "./name-from-address.ts";
import { cellOf, note, type RowReading, refuse } from "./row-reading.ts";

type Names = { firstName: string; lastName: string };

/** From two columns, from one that holds the whole name, or from the address where the person chose so. */
export function checkNames(reading: RowReading, email: string): Names {
  const { firstName, lastName, fullName, namesFromAddress } = reading.mapping;
  if (firstName !== undefined && lastName !== undefined) {
    return {
      firstName: checkHalf(reading, firstName, "First name"),
      lastName: checkHalf(reading, lastName, "Last name"),
    };
  }
  if (fullName !== undefined) return checkFullName(reading, fullName);
  return namesFromAddress ? takeFromAddress(reading, email) : { firstName: "", lastName: "" };
}

function checkHalf(reading: RowReading, column: number, field: "First name" | "Last name"): string {
  return settle(reading, column, { read: cellOf(reading, column), field });
}

type Half = { read: string; field: "First name" | "Last name" };

function settle(reading: RowReading, column: number, { read, field }: Half): string {
  const checked = checkPersonName(read, field);
  if (!checked.ok) {
    refuse(reading, column, { ...checked, read });
    return clipText(read.trim(), 300);
  }
  note(reading, column, checked.notes);
  return checked.name;
}

function checkFullName(reading: RowReading, column: number): Names {
  const read = cellOf(reading, column);
  const line = checkLine(read, "Name", 2 * nameMaximum + 2);
  if (!line.ok) {
    refuse(reading, column, { ...line, read });
    return { firstName: clipText(read.trim(), 300), lastName: "" };
  }
  note(reading, column, line.notes);
  const names = splitFullName(line.text);
  if (!names) {
    refuse(reading, column, { code: "name_not_split", message: notSplit, read });
    return { firstName: clipText(line.text, 300), lastName: "" };
  }
  return {
    firstName: settle(reading, column, { read: names.firstName, field: "First name" }),
    lastName: settle(reading, column, { read: names.lastName, field: "Last name" }),
  };
}

const notSplit = "First and last name cannot be told apart. Write `First Last` or `Last, First`.";

function takeFromAddress(reading: RowReading, email: string): Names {
  const names = nameFromAddress(email);
  if (names) return names;
  const message = "The address does not tell a first and a last name. Fill them in.";
  refuse(reading, reading.mapping.email, { code: "no_name_in_address", message, read: email });
  return { firstName: "", lastName: "" };
}
