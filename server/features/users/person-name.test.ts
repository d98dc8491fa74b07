import { describe, expect, test } from "vitest";
import { checkPersonName, foldText, nameKeys } from "./person-name.ts";

describe("a name", () => {
  test.each([
    ["Anna", "Anna"],
    ["  Bela ", "Bela"],
    ["van  den\u00a0Berg", "van den Berg"],
    ['Jon "JJ"', 'Jon "JJ"'],
    ['=HYPERLINK("http://evil.example")', '=HYPERLINK("http://evil.example")'],
    ["Nguyễn", "Nguyễn"],
    ["陳", "陳"],
    ["نیک\u200cآیین", "نیک\u200cآیین"],
    ["Li\u200ba", "Lia"],
    ["Anna\tMaria", "Anna Maria"],
    ["😀".repeat(100), "😀".repeat(100)],
    ["Anna\n", "Anna"],
  ])("%j is stored as %j", (input, name) => {
    expect(checkPersonName(input, "First name")).toMatchObject({ ok: true, name });
  });

  test.each([
    ["", "required"],
    ["\u200b \u00a0", "required"],
    ["An\nna", "line_break"],
    ["An\u2028na", "line_break"],
    ["An\0na", "control_character"],
    ["An\u001bna", "control_character"],
    ["M\ufffdller", "unreadable_character"],
    ["M\udc00ller", "unreadable_character"],
    ["Q".repeat(101), "too_long"],
    ["😀".repeat(101), "too_long"],
  ])("%j is refused: %s", (input, code) => {
    expect(checkPersonName(input, "First name")).toMatchObject({ ok: false, code });
  });

  test("the limit is said, in characters as people count them", () => {
    expect(checkPersonName("Q".repeat(300), "First name")).toMatchObject({
      message: "First name has 300 characters; at most 100 fit. Shorten it.",
    });
    expect(checkPersonName("", "Last name")).toMatchObject({ message: "Last name is missing." });
  });
});

describe("folding", () => {
  test.each([
    ["Łukasz Øyvind Đorđe", "lukasz oyvind dorde"],
    ["Straße", "strasse"],
    ["ÆØÅ œ Þór Guðrún", "aeoa oe thor gudrun"],
    ["Işık İnci Yılmaz", "isik inci yilmaz"],
    ["ＦＵＬＬ", "full"],
    ["ΣΊΣΥΦΟΣ", "σισυφοσ"],
    ["Ёлка", "елка"],
    ["Nguyễn Văn", "nguyen van"],
    ["مُحَمَّد", "محمد"],
    ["ガギグ", "ガギグ"],
    ["हिन्दी", "हिन्दी"],
  ])("%s → %s", (text, folded) => {
    expect(foldText(text)).toBe(folded);
    expect(foldText(folded)).toBe(folded);
  });
});

describe("the keys of a name", () => {
  test("both ways round, single spaces, no commas", () => {
    expect(nameKeys("Øyvind  José", "Łuczak, Jr.")).toEqual({
      nameKey: "luczak jr. oyvind jose",
      givenKey: "oyvind jose luczak jr.",
    });
  });

  test("fit into an index whatever the name unfolds into", () => {
    const { nameKey } = nameKeys("ﷺ".repeat(100), "😀".repeat(100));
    expect(Buffer.byteLength(nameKey)).toBeLessThan(2000);
    expect(nameKey.isWellFormed()).toBe(true);
    expect(nameKeys("a", "😀".repeat(200)).nameKey.isWellFormed()).toBe(true);
  });
});
