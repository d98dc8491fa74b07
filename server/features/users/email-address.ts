import type { Refused } from "#server/platform/text/check-line.ts";
import { cleanText, type Note } from "#server/platform/text/clean-text.ts";
import { quoteText } from "#server/platform/text/clip-text.ts";
import { foldCase } from "#server/platform/text/fold-case.ts";
import { type Mailbox, takeMailbox } from "./take-mailbox.ts";

type CheckedAddress = { ok: true; address: string; notes: readonly Note[] } | Refused;

const addressOctets = 254;
const localOctets = 64;
/** An address, the name beside it and some space. Whatever is longer is refused before any work is done on it. */
export const typedAddressMaximum = 320;

const ascii = /^[ -~]*$/;
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const domainName = new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`);
const local = "[\\w!#$%&'*+/=?^`{|}~-]+(?:\\.[\\w!#$%&'*+/=?^`{|}~-]+)*";
const plainAddress = new RegExp(`^${local}@(?:${label}\\.)+(?!\\d+$)${label}$`);

/**
 * One address as somebody typed or pasted it: taken out of `"Ola Olsen" <ola@example.com>`, rid of what cannot be
 * seen, otherwise kept as typed. RFC 5321's lengths; internationalised addresses and domains (RFC 6531) are welcome.
 */
export function checkEmailAddress(input: string): CheckedAddress {
  if (isPlainAddress(input)) return { ok: true, address: input, notes: [] };
  // First of all: normalising a hostile text takes time that grows with the square of its length.
  if (input.length > typedAddressMaximum) return tooLong(input);
  const { text, notes } = cleanAddress(input);
  if (text === "") return refuse("required", "Email address is missing.");
  if (control.test(text)) return controlCharacter(text);
  const mailbox = takeMailbox(text);
  const problem = mailbox.several ? severalAddresses(text) : problemOf(mailbox.address);
  return problem ?? { ok: true, address: mailbox.address, notes: [...notes, ...removed(mailbox)] };
}

// Joiners shape letters in some scripts; in an address of plain letters they are a leftover of copying.
function cleanAddress(input: string): { text: string; notes: readonly Note[] } {
  const { text, notes } = cleanText(input);
  const bare = text.replace(/[\u200c\u200d]/g, "");
  if (bare === text || !ascii.test(bare)) return { text, notes };
  return {
    text: bare,
    notes: [...notes, { code: "zero_width_removed", message: "Zero-width joiner removed." }],
  };
}

function isPlainAddress(text: string): boolean {
  return text.length <= addressOctets && plainAddress.test(text) && text.indexOf("@") <= localOctets;
}

const removed = ({ note }: Mailbox): Note[] => (note ? [note] : []);

/** What decides whether two addresses are the same: case and Unicode form do not matter, accents do. */
export function emailKey(address: string): string {
  if (ascii.test(address)) return address.toLowerCase();
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  return `${foldCase(address.slice(0, at + 1))}${asciiDomain(domain) ?? foldCase(domain)}`;
}

/** `münchen.example` → `xn--mnchen-3ya.example`; undefined where it is no domain. */
function asciiDomain(domain: string): string | undefined {
  if (ascii.test(domain)) return domain.toLowerCase();
  // Anything else in ASCII would end the host part of the URL, or change it.
  if (/[^\w.\-\u0080-\u{10ffff}]/u.test(domain)) return undefined;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}

const refuse = (code: string, message: string): Refused => ({ ok: false, code, message });

const tooLong = (text: string) =>
  refuse("too_long", `${quoteText(text)} is too long: at most ${addressOctets} bytes fit.`);

// A line break in an address would begin another header of the email.
const control = /\p{Cc}|[\u2028\u2029]/u;
const controlCharacter = (text: string) =>
  refuse(
    "control_character",
    `${quoteText(text)} has a line break or control character in it. Type it again.`,
  );

const severalAddresses = (text: string) =>
  refuse(
    "several_addresses",
    `${quoteText(text)} holds more than one address. Keep one: each user has one address.`,
  );

function problemOf(address: string): Refused | undefined {
  if (isPlainAddress(address)) return undefined;
  const shown = quoteText(address);
  if (/\p{Cc}|[\u2028\u2029]/u.test(address)) {
    return refuse(
      "control_character",
      `${shown} has a line break or control character in it. Type it again.`,
    );
  }
  if (address.includes("\ufffd") || !address.isWellFormed()) {
    return refuse("unreadable_character", `${shown} has a character that could not be read. Type it again.`);
  }
  if (/\s/.test(address)) return refuse("space_inside", `${shown} has a space inside. Remove it.`);
  const at = address.indexOf("@");
  if (at === -1)
    return refuse("no_at", `${shown} has no @. Write the whole address, like \`name@example.com\`.`);
  if (address.indexOf("@", at + 1) !== -1) return refuse("two_at", `${shown} has more than one @. Keep one.`);
  return localProblem(address, address.slice(0, at)) ?? domainProblem(address, address.slice(at + 1));
}

function localProblem(address: string, localPart: string): Refused | undefined {
  const shown = quoteText(address);
  if (localPart === "")
    return refuse("no_local_part", `${shown} has nothing before the @. Write the whole address.`);
  // What NFKC makes of a letter counts too: a full-width @ or bracket must not hide in a name.
  const wrong = /["(),:;<>@[\\\]\s]|[\p{C}\p{Z}]/u.exec(localPart.normalize("NFKC"))?.[0];
  if (wrong) return refuse("bad_character", `${shown} has a ${quoteText(wrong)} before the @. Remove it.`);
  if (/^\.|\.\.|\.$/.test(localPart)) {
    return refuse("bad_dots", `${shown} has a dot too many before the @. Remove it.`);
  }
  if (octets(localPart) > localOctets) {
    return refuse(
      "local_part_too_long",
      `${shown} is too long: at most ${localOctets} bytes fit before the @.`,
    );
  }
  return undefined;
}

function domainProblem(address: string, domain: string): Refused | undefined {
  const shown = quoteText(address);
  if (domain === "") return refuse("no_domain", `${shown} has nothing after the @. Write the whole address.`);
  if (octets(address) > addressOctets) return tooLong(address);
  const name = asciiDomain(domain);
  if (name && /^[\w-]+$/.test(name)) {
    return refuse(
      "no_domain_ending",
      `${shown} has no domain ending, such as \`.com\`. Check what is after the @.`,
    );
  }
  if (!name || !domainName.test(name) || name.length > addressOctets - 1) {
    return refuse(
      "bad_domain",
      `${shown} has no valid domain: ${quoteText(domain)}. Check what is after the @.`,
    );
  }
  return undefined;
}

const octets = (text: string) => new TextEncoder().encode(text).byteLength;
