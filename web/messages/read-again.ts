import type { Message } from "#server/features/messages/contract.ts";

const isMoving = ({ state }: Pick<Message, "state">) => state === "queued" || state === "sending";

/** In how many milliseconds messages are read again: what is on its way changes at once, and any other is tried again or comes back. */
export const readAgainAfter = (messages: readonly Pick<Message, "state">[] = []) =>
  messages.some(isMoving) ? 2_000 : 20_000;
