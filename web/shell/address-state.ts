/** Reading what the address says, so that a mistyped or outdated one shows the plain page and never an error. */
export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export const yes = (value: unknown): true | undefined =>
  value === true || value === "true" ? true : undefined;

export const identity = (value: unknown): string | undefined =>
  typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined;

/** A day, as `2026-11-28`. */
export const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

export const chosen = <T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === value);

/** A link need not name every part of a screen's state. */
export const optional = <State extends object>(state: State): { [Key in keyof State]?: State[Key] } => state;

/** A fragment that was cut off in the middle of an escape is taken as it stands. */
export function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
