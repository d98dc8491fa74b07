const groups = Array.from({ length: 40 }, (_, n) => `Group ${n}`);

type Kind = {
  /** A creation template instead of an invite template: the same rows, each with a password of its own. */
  passwords?: boolean;
  /** How their addresses begin. */
  who?: string;
};

/** A filled-in template with made-up people: 1.5 groups each, of forty. */
export function* peopleFile(
  rows: number,
  { passwords = false, who = "person" }: Kind = {},
): Generator<Buffer> {
  let text = `First name,Last name,Email,${passwords ? "Password," : ""}Groups\r\n`;
  for (let n = 0; n < rows; n += 1) {
    const one = groups[n % groups.length];
    const two = n % 2 === 0 ? `; ${groups[(n * 7 + 1) % groups.length]}` : "";
    const password = passwords ? `quiet river ${n} stone,` : "";
    text += `First${(n * 7919) % 9973},Last${(n * 104_729) % 99_991},${who}${n}@example.org,${password}${one}${two}\r\n`;
    if (text.length > 60_000) {
      yield Buffer.from(text);
      text = "";
    }
  }
  yield Buffer.from(text);
}
