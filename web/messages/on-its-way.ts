import type { Me } from "#server/features/sign-in/contract.ts";

/** Of an email that was written just now: that it is on its way or, while there is no mail server, where it can be read. */
export const onItsWay = ({ mailKept }: Pick<Me, "mailKept">, what: string, email: string) =>
  mailKept
    ? `${what} for ${email} is put into the built-in mailbox: there is no mail server yet.`
    : `${what} is on its way to ${email}.`;
