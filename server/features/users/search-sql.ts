import { prefixRange } from "#server/platform/db/prefix-range.ts";
import { foldText } from "./person-name.ts";

/** What was typed, as it is compared with names and with addresses. */
export type SearchWords = { text: string; address: string; words: string[] };

/** Undefined where nothing is searched for. */
export function searchWords(search: string | undefined): SearchWords | undefined {
  const text = foldText(search ?? "")
    .replace(/[,\s]+/g, " ")
    .trim();
  if (!text) return undefined;
  const address = (search ?? "").trim().normalize("NFKC").toLowerCase();
  return { text, address, words: [...new Set(text.split(" "))] };
}

/** Parts are found from this length on: an index of groups of three letters finds nothing shorter. */
const partMinimum = 3;
/** `%word%`, or undefined where a word is too short to be found inside another. */
export const partPatterns = ({ words }: SearchWords): string[] | undefined =>
  words.some((word) => [...word].length < partMinimum) ? undefined : words.map(containing);

/** What a text with this in it is LIKE. */
export const containing = (word: string) => `%${word.replace(/[\\%_]/g, "\\$&")}%`;

/** Adds a value to a statement and answers its placeholder. */
export type Value = (given: unknown) => string;

const begins = (column: string, prefix: string, value: Value) => {
  const { from, to } = prefixRange(prefix);
  return `(${column} >= ${value(from)} and ${column} < ${value(to)})`;
};

const beginnings = ({ text, address }: SearchWords, value: Value) => [
  begins("name_key", text, value),
  begins("given_key", text, value),
  begins("email_key", address, value),
];

/** The ids of whom a search finds: names and addresses that begin with it, and those that have all its words in them. */
export function foundSql(sought: SearchWords, value: Value, atMost: number | null = null): string {
  const limit = atMost === null ? "" : `limit ${atMost}`;
  const parts = partPatterns(sought);
  return [
    ...beginnings(sought, value).map(
      (range) => `(select id from users where tenant_id = $1 and deleted_at is null and ${range} ${limit})`,
    ),
    ...(parts ? [`select app.search_users(${value(parts)}, ${atMost})`] : []),
  ].join(" union ");
}

/** Where to go on from: a row's name and id. Undefined: from the end. */
type FirstOf = { backwards: boolean; after: { key: string | null; id: string } | undefined; atMost: number };

/**
 * The ids of whom a search finds, but of each way to find them only the first by name: among these are the first of all. Of
 * those with the words in them no other is looked at.
 */
export function firstFoundSql(
  sought: SearchWords,
  value: Value,
  { backwards, after, atMost }: FirstOf,
): string {
  const parts = partPatterns(sought);
  const from = after ? `${value(after.key)}::text, ${value(after.id)}::uuid` : "null, null";
  const beyond = after ? `and (name_key, id) ${backwards ? "<" : ">"} (${from})` : "";
  const direction = backwards ? " desc" : "";
  return [
    ...beginnings(sought, value).map(
      (range) => `(select id from users where tenant_id = $1 and deleted_at is null and ${range} ${beyond}
                    order by name_key${direction}, id${direction} limit ${atMost})`,
    ),
    ...(parts
      ? [`select user_id from app.search_users_by_name(${value(parts)}, ${backwards}, ${from}, ${atMost})`]
      : []),
  ].join(" union ");
}

/** Whether a search finds a user: the words of an address in other letters than these stand beside the user only. */
export function matchesSql(sought: SearchWords, value: Value): string {
  const parts = partPatterns(sought);
  const either = beginnings(sought, value).map((range) => range.replaceAll(/(\w+_key)/g, "u.$1"));
  if (parts) {
    const patterns = value(parts);
    either.push(
      `case when octet_length(u.email) = char_length(u.email) then (u.given_key || ' ' || u.email_key) like all (${patterns})
            else exists (select from user_search s where s.tenant_id = $1 and s.user_id = u.id
                            and s.words like all (${patterns}) offset 0) end`,
    );
  }
  return `(${either.join(" or ")})`;
}
