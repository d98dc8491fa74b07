import { expect, test } from "vitest";
import { splitFullName } from "./split-full-name.ts";

test.each([
  ["Amara Adeyemi", "Amara", "Adeyemi"],
  ["Öztürk, Björn", "Björn", "Öztürk"],
  ["Ilse van den Berg", "Ilse", "van den Berg"],
  ["van den Berg, Ilse", "Ilse", "van den Berg"],
  ["Maria de la Cruz García", "Maria", "de la Cruz García"],
  ["Fatima al Masri", "Fatima", "al Masri"],
  ["Osman bin Yusuf", "Osman", "bin Yusuf"],
  ["Vincent Van Gogh", "Vincent", "Van Gogh"],
  ["Karl-Theodor von und zu Guttenberg", "Karl-Theodor", "von und zu Guttenberg"],
  ["Anna Maria Berg", "Anna Maria", "Berg"],
  ["Al Pacino", "Al", "Pacino"],
  ["Mei 陳", "Mei", "陳"],
  ["Martin Luther King Jr.", "Martin Luther", "King Jr."],
  ["King, Martin Luther, Jr.", "Martin Luther", "King Jr."],
  ["King, Jr., Martin Luther", "Martin Luther", "King Jr."],
  ["Martin King, Jr.", "Martin", "King Jr."],
  ["García-López, Zoë", "Zoë", "García-López"],
  ["  Anna   Berg ", "Anna", "Berg"],
])("%j", (name, firstName, lastName) => {
  expect(splitFullName(name)).toEqual({ firstName, lastName });
});

test.each(["Madonna", "", " ", "Berg,", ", Anna", "a, b, c", "a, b, Jr., d", "Madonna Jr.", ","])(
  "%j cannot be told apart",
  (name) => {
    expect(splitFullName(name)).toBeUndefined();
  },
);
