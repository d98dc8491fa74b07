/** Loaded when somebody has an authenticator app: no start should wait for it. */
const otplib = () => import("otplib");

/** Six digits that change every half minute (RFC 6238), as every authenticator app understands them. */
const periodSeconds = 30;

/** 160 random bits in base32, and the same as an address that apps read from a QR code. */
export async function newSecret(whose: { issuer: string; label: string }) {
  const { generateSecret, generateURI } = await otplib();
  const secret = generateSecret();
  return { secret, address: generateURI({ ...whose, secret }) };
}

/**
 * The time step of which this is the code: the present one, the one before or the one after, for clocks that differ and
 * hands that are slow. undefined: of none.
 */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | undefined> {
  const { verifySync } = await otplib();
  const epoch = Math.floor(now.getTime() / 1000);
  const found = verifySync({ secret, token: code, epoch, epochTolerance: periodSeconds });
  return found.valid && "timeStep" in found ? found.timeStep : undefined;
}
