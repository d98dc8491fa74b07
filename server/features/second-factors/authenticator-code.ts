import { generateSecret, generateURI, verifySync } from "otplib";

/** Six digits that change every half minute (RFC 6238), as every authenticator app understands them. */
const periodSeconds = 30;

export const newSecret = () => generateSecret();

export const secretAddress = (secret: string, whose: { issuer: string; label: string }) =>
  generateURI({ ...whose, secret });

/**
 * The time step of which this is the code: the present one, the one before or the one after, for clocks that differ and
 * hands that are slow. undefined: of none.
 */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const epoch = Math.floor(now.getTime() / 1000);
  const found = verifySync({ secret, token: code, epoch, epochTolerance: periodSeconds });
  return found.valid && "timeStep" in found ? found.timeStep : undefined;
}
