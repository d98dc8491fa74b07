/** To the minute, and in UTC as the server's log: 2026-12-28 17:59 UTC. */
export const momentInWords = (moment: Date) => `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
