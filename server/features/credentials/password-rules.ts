import { countCharacters } from "#server/platform/text/check-line.ts";
import { commonPasswords } from "./common-passwords.ts";

/** The least a tenant may ask for; it may ask for more. */
export const passwordMinimum = 10;
export const passwordMaximum = 128;

type About = { email?: string; firstName?: string; lastName?: string };

/**
 * The first thing wrong with a password, in words for whoever chose it; the words never repeat the password. `minimum` is
 * the tenant's.
 */
export function checkPassword(
  password: string,
  about: About,
  minimum: number = passwordMinimum,
): string | undefined {
  const length = countCharacters(password);
  if (length < minimum) {
    return `The password is too short. Use at least ${minimum} characters.`;
  }
  if (length > passwordMaximum) {
    return `The password is too long. Use at most ${passwordMaximum} characters.`;
  }
  if (cannotBeTyped.test(password)) {
    return "The password has a character that cannot be seen or typed, such as a line break. Leave it out.";
  }
  return predictable(password.toLowerCase(), about);
}

const cannotBeTyped = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u2060\ufeff\ufffd]/u;

function predictable(lower: string, { email, firstName, lastName }: About): string | undefined {
  if (isPattern(lower))
    return "The password is one or two characters repeated, or a sequence. Choose another.";
  if (commonPasswords.has(lower)) return "The password is one of the most common ones. Choose another.";
  if (email && containsAddress(lower, email.toLowerCase())) {
    return "The password contains the email address or the part before the @. Choose another.";
  }
  if (isMadeOfNames(lower, [firstName, lastName])) {
    return "The password is little more than the person's name. Choose another.";
  }
  return undefined;
}

/** `aaaaaaaaaa`, `ababababab`, `abcdefghij`, `9876543210`. */
function isPattern(text: string): boolean {
  const step = text.charCodeAt(1) - text.charCodeAt(0);
  let [alternates, runs] = [true, Math.abs(step) <= 1];
  for (let at = 2; at < text.length && (alternates || runs); at++) {
    alternates &&= text.charCodeAt(at) === text.charCodeAt(at - 2);
    runs &&= text.charCodeAt(at) - text.charCodeAt(at - 1) === step;
  }
  return alternates || runs;
}

function containsAddress(password: string, email: string): boolean {
  const local = email.slice(0, Math.max(email.lastIndexOf("@"), 0));
  return local.length >= 4 && password.includes(local);
}

/** Fewer than four characters are left without the names; names of one or two letters are in every password. */
function isMadeOfNames(password: string, names: readonly (string | undefined)[]): boolean {
  let rest = password;
  for (const name of names) {
    if (name && name.length >= 3) rest = rest.replaceAll(name.toLowerCase(), "");
  }
  return rest.length < password.length && rest.length < 4;
}

/** No vowels, so that it spells no word, and nothing that is taken for something else: no l and 1, no o and 0. */
const alphabet = "bcdfghjkmnpqrstvwxyz23456789";

/**
 * Four groups of four, such as `k7mw-3txd-9hqc-vz4p`: 77 bits, easy to read out and to type. More groups where the tenant
 * asks for more characters.
 */
export function generatePassword(minimum: number = passwordMinimum): string {
  const length = Math.max(19, 5 * Math.ceil((minimum + 1) / 5) - 1);
  let password = "";
  while (password.length < length) {
    if (password.length % 5 === 4) password += "-";
    password += randomLetter();
  }
  return password;
}

// Bytes above the last whole multiple of the alphabet are thrown away: the remainder alone would favour some letters.
function randomLetter(): string {
  const [byte = 255] = globalThis.crypto.getRandomValues(new Uint8Array(1));
  if (byte >= 256 - (256 % alphabet.length)) return randomLetter();
  return alphabet.charAt(byte % alphabet.length);
}

export type PasswordStrength = "too short" | "weak" | "fair" | "good" | "strong";

/** An estimate of how long guessing takes; honest about words, patterns and repetition, and no more than that. */
export function passwordStrength(password: string, minimum: number = passwordMinimum): PasswordStrength {
  if (countCharacters(password) < minimum) return "too short";
  const lower = password.toLowerCase();
  const bits = isPattern(lower) || commonPasswords.has(lower) ? 0 : estimateBits(password);
  if (bits < 36) return "weak";
  if (bits < 52) return "fair";
  return bits < 72 ? "good" : "strong";
}

function estimateBits(password: string): number {
  // A guesser needs about two bits for each letter of a word; of letters at random it would be 4.7.
  const words = (password.match(/\p{L}{4,}/gu) ?? []).filter(looksLikeWord).join("");
  const rest =
    words === "" ? password : password.replace(/\p{L}{4,}/gu, (run) => (looksLikeWord(run) ? "" : run));
  return 2.2 * withoutRepeats(words) + withoutRepeats(rest) * Math.log2(poolOf(password));
}

const looksLikeWord = (run: string) =>
  /^\p{L}\p{Ll}*$/u.test(run) && (run.match(/[aeiouyäöüéèáíóú]/gi)?.length ?? 0) >= run.length / 4;

const withoutRepeats = (text: string) => Math.min(countCharacters(text), 2 * new Set(text).size);

const classes: readonly [RegExp, number][] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\p{N}/u, 10],
  [/[^\p{L}\p{N}]/u, 20],
];

const poolOf = (password: string) =>
  classes.reduce((sum, [characters, size]) => sum + (characters.test(password) ? size : 0), 1);
