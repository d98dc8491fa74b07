import { constants, setPriority } from "node:os";
import { hashPassword } from "./hash-password.ts";

/** What one hasher is handed, and what it answers. */
export type HashRequest = { id: number; passwords: string[] };
export type HashAnswer = { id: number; hashes: string[] };

// A process of its own, behind everything else: whoever asks the server for something goes first.
setPriority(constants.priority.PRIORITY_LOW);
// The server is gone, whichever way: nobody waits for an answer any more.
process.on("disconnect", () => process.exit());
process.on("message", async ({ id, passwords }: HashRequest) => {
  const hashes: string[] = [];
  for (const password of passwords) hashes.push(await hashPassword(password));
  process.send?.({ id, hashes } satisfies HashAnswer);
});
