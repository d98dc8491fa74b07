const groups = Array.from({ length: 40 }, (_, n) => `Group ${n}`);

/** An invite template with made-up people: 1.5 groups each, of forty. */
export function* peopleFile(rows: number): Generator<Buffer> {
  let text = "First name,Last name,Email,Groups\r\n";
  for (let n = 0; n < rows; n += 1) {
    const one = groups[n % groups.length];
    const two = n % 2 === 0 ? `; ${groups[(n * 7 + 1) % groups.length]}` : "";
    text += `First${(n * 7919) % 9973},Last${(n * 104_729) % 99_991},person${n}@example.org,${one}${two}\r\n`;
    if (text.length > 60_000) {
      yield Buffer.from(text);
      text = "";
    }
  }
  yield Buffer.from(text);
}
