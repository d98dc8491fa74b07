/**
 * For how long invitations and temporary passwords are good: this many days after their email was accepted by the mail
 * server, and at most `atMostDays` after they were made.
 */
export const validity = { days: 7, atMostDays: 30 } as const;

/** A link to reset a password, asked for by its owner, is good for this long. */
export const resetHours = 2;

export const daysAfter = (from: Date, days: number) => new Date(from.getTime() + days * 86_400_000);
export const hoursAfter = (from: Date, hours: number) => new Date(from.getTime() + hours * 3_600_000);
