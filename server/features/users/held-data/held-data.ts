import type { Context } from "#server/context.ts";

/** Somebody of whom data is held; with every address they are known to have had, as compared. */
export type HeldPerson = { id: string; addresses: readonly string[] };

/**
 * What a feature to the right of `users` holds of people. It is registered through `app.ts`: whoever keeps something new of
 * people declares it once, and it is part of what is exported and of what is erased.
 */
export type HeldData = {
  /** Its name in the export. */
  name: string;
  /** All of it about one person, in words they understand; no secrets, no hashes, nothing about anybody else. */
  read(ctx: Context, person: HeldPerson): Promise<unknown>;
  /** Erases it, of users this transaction has locked. */
  erase(ctx: Context, people: readonly HeldPerson[]): Promise<void>;
  /** Whose data is in use at the moment and cannot be erased yet, and why. */
  inUse?(ctx: Context, people: readonly HeldPerson[]): Promise<ReadonlyMap<string, string>>;
};

const registered: HeldData[] = [];

/** Makes it known, once, when the server or a test is put together. */
export function registerHeldData(held: readonly HeldData[]) {
  for (const one of held) if (!registered.some(({ name }) => name === one.name)) registered.push(one);
}

export const allHeldData = (): readonly HeldData[] => registered;
