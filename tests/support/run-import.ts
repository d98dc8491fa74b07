import type { Import, ImportRow, UndoPlan } from "#server/features/imports/contract.ts";
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

/** Presses Import CSV on the plan as it is now, and types what the seat belt asks for. */
export async function press(person: Caller, importId: string) {
  const { body } = await person.call<Import>("GET", `/imports/${importId}`);
  return person.call<Import>("POST", `/imports/${importId}/apply`, {
    planHash: body.planHash ?? "none",
    ...(body.seatBelt && { confirmation: body.seatBelt.phrase }),
  });
}

/** Presses Import CSV and waits for the end; "checked": the plan is to be looked at again first. */
export async function applyImport(person: Caller, importId: string): Promise<Import> {
  const answer = await press(person, importId);
  if (answer.status !== 202) throw new Error(`Import CSV was refused: ${JSON.stringify(answer.body)}`);
  return importIn(person, importId, "finished", "failed", "checked");
}

/** Looks at what undoing would do, does it and waits for the end. */
export async function undoImport(person: Caller, importId: string): Promise<Import> {
  const plan = await person.call<UndoPlan>("GET", `/imports/${importId}/undo`);
  const answer = await person.call("POST", `/imports/${importId}/undo`, { planHash: plan.body.hash });
  if (answer.status !== 202) throw new Error(`Undo was refused: ${JSON.stringify(answer.body)}`);
  return importIn(person, importId, "undone");
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
