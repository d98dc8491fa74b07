const spelled: Record<string, string> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  æ: "ae",
  ø: "oe",
  å: "aa",
  "&": " and ",
};

/** "Müller & Söhne GmbH" → mueller-and-soehne-gmbh. */
export const suggestSlug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[äöüßæøå&]/g, (letter) => spelled[letter] ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
