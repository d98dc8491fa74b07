/** Only addresses of this tenant: a link must not be able to send somebody elsewhere after signing in. */
export const wayIn = (to: string | undefined, tenant: string) =>
  to?.startsWith(`/t/${tenant}/`) ? to : undefined;
