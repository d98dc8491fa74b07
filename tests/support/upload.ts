import type { Import } from "#server/features/imports/contract.ts";
import type { TestPerson } from "./tenant.ts";

/** One or several files as a browser uploads them. */
export function multipart(files: { name: string; content: string | Buffer }[]) {
  const boundary = "----muster-test-boundary";
  const parts = files.flatMap(({ name, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  };
}

/** Uploads one CSV file and answers the import's id; it is then waiting to be checked. */
export async function uploadCsv(
  person: TestPerson,
  content: string | Buffer,
  name = "people.csv",
): Promise<string> {
  const answer = await person.upload<Import>("/imports", [{ name, content }]);
  if (answer.status !== 202) throw new Error(`The upload was refused: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}
