/**
 * What somebody reports of a message that had been accepted. `bounced`: it came back for good, and `addressFailed` says
 * whether that lies with the address; `delayed`: it is still on its way.
 */
export type Report = { outcome: "bounced" | "delayed"; addressFailed: boolean; reply: string };

/**
 * Enhanced status codes (RFC 3463) that speak of the message or of us, not of the address: too large, its content, a policy.
 * A failure with a status of 4.x is one of time: it was tried for long enough.
 */
const notTheAddress = /^(4\.|5\.(2\.3|3\.4|6\.|7\.))/;

export const addressFails = (status: string) => !notTheAddress.test(status);
