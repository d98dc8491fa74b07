import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import type { TestPerson } from "./tenant.ts";
import { until } from "./until.ts";

/** Somebody who may call the API, in this process or of a running server. */
type Caller = Pick<TestPerson, "call" | "upload">;
type File = { name: string; content: string | Buffer };

export const fileOf = (content: string | Buffer, name = "people.csv"): File => ({ name, content });

/** Uploads files; they are then waiting to be checked. */
export async function uploadFiles(person: Caller, files: readonly File[]): Promise<string> {
  const answer = await person.upload<Import>("/imports", [...files]);
  if (answer.status !== 202) throw new Error(`The upload was refused: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** Waits until an import is in one of these states; jobs must be running. */
export const importIn = (person: Caller, importId: string, ...states: Import["state"][]) =>
  until(
    async () => {
      const { body } = await person.call<Import>("GET", `/imports/${importId}`);
      return states.includes(body.state) && body;
    },
    `the import to be ${states.join(" or ")}`,
    60_000,
  );

export const checkFiles = async (person: Caller, ...files: File[]) =>
  importIn(person, await uploadFiles(person, files), "checked", "failed");

/** Presses Import CSV and waits for the end. */
export async function applyImport(person: Caller, importId: string): Promise<Import> {
  const answer = await person.call("POST", `/imports/${importId}/apply`);
  if (answer.status !== 202) throw new Error(`Import CSV was refused: ${JSON.stringify(answer.body)}`);
  return importIn(person, importId, "finished", "failed");
}

/** Every row of an import, in order. */
export async function rowsOfImport(person: Caller, importId: string): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  for (let cursor = ""; ; ) {
    const path = `/imports/${importId}/rows?limit=200${cursor && `&cursor=${cursor}`}`;
    const { body } = await person.call<{ items: ImportRow[]; nextCursor: string | null }>("GET", path);
    rows.push(...body.items);
    if (!body.nextCursor) return rows;
    cursor = body.nextCursor;
  }
}
