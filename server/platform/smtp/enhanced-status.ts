/** The enhanced status (RFC 3463) in a mail server's reply, where it gives one: 5.1.1. */
export const enhancedStatus = (reply: string): string | undefined =>
  /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1];
