/** The enhanced status (RFC 3463) in a mail server's reply, where it gives one: 5.1.1. */
export const enhancedStatus = (reply: string): string | undefined =>
  /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1];

/** Nobody has the address, or it is written so that nobody can, or it is switched off. */
const ofAddress = /^5\.(1\.([0-6]|10)|2\.1)$/;

/** Does such a status say that no email to the address will arrive? All others speak of the message, the sender or a moment. */
export const addressFails = (status: string | undefined) => status !== undefined && ofAddress.test(status);
