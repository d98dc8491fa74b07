/** `amara.van-den.berg+x@…` → Amara, Van-Den Berg; undefined where there are no two words before the @. */
export function nameFromAddress(address: string): { firstName: string; lastName: string } | undefined {
  const local = address.slice(0, address.lastIndexOf("@")).replace(/\+.*$/, "");
  const [firstName, ...rest] = local.split(/[._]+/).map((word) => capitalise(word.replace(/\d+/g, "")));
  const lastName = rest.filter(Boolean).join(" ");
  return firstName && lastName ? { firstName, lastName } : undefined;
}

const capitalise = (word: string) =>
  word.replace(/(^|-)(\p{L})/gu, (_, dash, letter) => dash + letter.toUpperCase());
