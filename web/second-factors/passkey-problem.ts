import { WebAuthnError } from "@simplewebauthn/browser";
import { ApiProblem } from "../api.ts";

const known: Partial<Record<WebAuthnError["code"], string>> = {
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED:
    "You have added a passkey of this device or key already. Use another one, or cancel.",
  ERROR_INVALID_DOMAIN: "Passkeys work at this portal's own address only. Open it there.",
  ERROR_INVALID_RP_ID: "Passkeys work at this portal's own address only. Open it there.",
};

/** Why a browser made or used no passkey; it says next to nothing itself. */
export function passkeyProblem(error: unknown): unknown {
  if (error instanceof ApiProblem) return error;
  const detail =
    (error instanceof WebAuthnError && known[error.code]) ||
    "Your browser used no passkey: it was cancelled, took too long, or none was at hand. Try again, or another way.";
  return new ApiProblem({ status: 0, code: "passkey.unused", detail });
}
