import { hash, verify } from "@node-rs/argon2";

/** argon2id with OWASP's parameters (19 MiB, 2 iterations, 1 lane); about 25 ms on one core, on libuv's threads. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// What the mail or a form carried and what is typed later may differ in Unicode form only (NIST SP 800-63B §5.1.1.2).
const normal = (password: string) => password.normalize("NFKC");

export const hashPassword = (password: string) => hash(normal(password), parameters);

// Made once at start with the same parameters, of a password nobody has.
const nobodysHash = hash(crypto.randomUUID(), parameters);

/**
 * Does the password belong to the hash? Exactly one argon2id run in any case: where there is no hash against one that
 * never fits, so that the time taken does not tell whether somebody exists.
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  const fits = await verify(passwordHash ?? (await nobodysHash), normal(password));
  return fits && Boolean(passwordHash);
}
