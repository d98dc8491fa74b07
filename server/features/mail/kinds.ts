import type { ReactElement } from "react";
import type { Context } from "#server/context.ts";

/** A message about to be rendered. */
export type PendingMessage = { id: string; userId: string };

/** What one message says: to whom, and the text of each placeholder. Or that there is nothing to say any more. */
export type MessageContent =
  | { to: { name: string; address: string }; values: Record<string, string> }
  | { withdraw: string };

/**
 * A kind of message. The feature that sends it declares it in its `mail.ts` and registers it through `app.ts`.
 * Subject and body are templates with placeholders (`{{name}}`): rendered once, then filled in for each message,
 * escaped. `{{tenant}}`, `{{signInAddress}}` and `{{recipient}}` are always there.
 */
export type MessageKind = {
  kind: string;
  subject: string;
  body: () => ReactElement;
  /** Placeholders that hold something secret: masked wherever a message is shown again. */
  secrets: readonly string[];
  /** Looks up what each message says, all at once. A message that is missing in the answer is withdrawn. */
  contents(ctx: Context, messages: readonly PendingMessage[]): Promise<Map<string, MessageContent>>;
  /** In the transaction in which the mail server's acceptance is noted. */
  accepted?(ctx: Context, messages: readonly PendingMessage[]): Promise<void>;
  /** In the transaction in which Muster gives up on it, or in which it is withdrawn. */
  givenUp?(ctx: Context, messages: readonly PendingMessage[]): Promise<void>;
};

const registered = new Map<string, MessageKind>();

/** Makes kinds known, once, when the server or a test is put together. */
export function registerKinds(kinds: readonly MessageKind[]) {
  for (const kind of kinds) registered.set(kind.kind, kind);
}

export const kindNamed = (name: string): MessageKind | undefined => registered.get(name);

type Hook = "accepted" | "givenUp";

/** Tells each message's kind what became of it, all of a kind at once. */
export async function tellKinds(
  ctx: Context,
  hook: Hook,
  messages: readonly (PendingMessage & { kind: string })[],
) {
  for (const [name, ofKind] of Map.groupBy(messages, (message) => message.kind)) {
    await kindNamed(name)?.[hook]?.(ctx, ofKind);
  }
}
