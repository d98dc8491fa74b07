import { readPart } from "./parse-part.ts";
import { type Archive, tooLarge } from "./unzip.ts";

/** Texts of a workbook stand in it once, and cells name them by number. So many characters are a million people. */
const mostCharacters = 128 * 1024 * 1024;

/** Rich text is joined, and how a text is pronounced (`rPh`) is no part of it. */
export async function readSharedStrings(archive: Archive, path: string): Promise<string[]> {
  const strings: string[] = [];
  let [text, inText, aloud, characters] = ["", false, false, 0];
  await readPart(archive, path, {
    open: (_tag, name) => {
      if (name === "si") text = "";
      else if (name === "rPh") aloud = true;
      else if (name === "t") inText = !aloud;
    },
    text: (piece) => {
      if (!inText) return;
      text += piece;
      characters += piece.length;
      if (characters > mostCharacters) throw tooLarge();
    },
    close: (name) => {
      if (name === "t") inText = false;
      else if (name === "rPh") aloud = false;
      else if (name === "si") strings.push(unescapeText(text));
    },
  });
  return strings;
}

/** Characters XML cannot hold are written as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
export const unescapeText = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
