/**
 * Invitations and temporary passwords are good for as many days as the tenant wants, from when their email was accepted by
 * the mail server, and at most for this many from when they were made.
 */
export const atMostDays = 30;

/** A link to reset a password, asked for by its owner, is good for this long. */
export const resetHours = 2;

export const daysAfter = (from: Date, days: number) => new Date(from.getTime() + days * 86_400_000);
export const minutesAfter = (from: Date, minutes: number) => new Date(from.getTime() + minutes * 60_000);
export const hoursAfter = (from: Date, hours: number) => new Date(from.getTime() + hours * 3_600_000);
