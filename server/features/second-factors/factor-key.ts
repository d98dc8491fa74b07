/** What tries to give a second factor are counted by. */
export const factorKey = (tenantId: string, userId: string) => `factor:${tenantId}:${userId}`;
