import fc from "fast-check";
import { expect } from "vitest";
import type { Door } from "#server/context.ts";
import type { TestDatabase } from "./database.ts";
import { fillDisk, freeDisk, Killed, roughDoor } from "./rough-door.ts";

/** What may happen to a job while it works. */
export type Trouble =
  | { kind: "none" }
  | { kind: "stopped"; batches: number }
  | { kind: "killed"; dieAt: number }
  | { kind: "disk full"; table: string; after: number };

export const troubles: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "none" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("stopped" as const), batches: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("killed" as const), dieAt: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("disk full" as const),
      table: fc.constantFrom(
        "users",
        "memberships",
        "links",
        "credentials",
        "messages",
        "import_rows",
        "groups",
      ),
      after: fc.nat(3),
    }),
  },
);

type Job = (door: Door, importId: string, stopped: () => boolean) => Promise<void>;
type Place = { database: TestDatabase; door: Door; importId: string };

/** Works as a job does, in batches of three rows, until the end or until something happens. */
export async function workInTrouble({ database, door, importId }: Place, job: Job, trouble: Trouble) {
  const dieAt = trouble.kind === "killed" ? trouble.dieAt : undefined;
  const rough = roughDoor(door, { batchRows: 3, dieAt });
  let batches = 0;
  const stopped = () => trouble.kind === "stopped" && batches++ >= trouble.batches;
  if (trouble.kind !== "disk full") {
    await job(rough, importId, stopped).catch(expectKill);
    return;
  }
  await fillDisk(database, trouble.table, trouble.after);
  try {
    await job(rough, importId, stopped).catch(expectFullDisk);
  } finally {
    await freeDisk(database, trouble.table);
  }
}

export function expectKill(error: unknown) {
  if (!(error instanceof Killed)) throw error;
}

const expectFullDisk = (error: unknown) => expect(error).toMatchObject({ code: "53100" });
