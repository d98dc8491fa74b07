import type { ReactNode } from "react";
import type { Context } from "#server/context.ts";
import type { Language, TenantSettings } from "../tenants/tenant-settings.ts";
import type { Placeholder, Wording } from "./shapes.ts";

/** A message about to be rendered. */
export type PendingMessage = {
  id: string;
  userId: string;
  /** What it tells of, where that is not its person: the id of an import. */
  about?: string | null;
};

/**
 * What one message says: to whom, in whose language, and what stands for each placeholder; a date is written as it is there.
 * Or that there is nothing to say any more; `replace`: its kind sends something else instead.
 */
export type MessageContent =
  | {
      to: { name: string; address: string };
      /** null: the tenant's. */
      language: Language | null;
      values: Record<string, string | Date>;
    }
  | { withdraw: string; replace?: boolean };

/** The words of a kind: it speaks every language. */
export type Wordings = Readonly<Record<Language, Wording>>;

/**
 * A kind of message. The feature that sends it declares it in its `mail.ts` and registers it through `app.ts`.
 * Its words and its core hold placeholders (`{{name}}`): rendered once for each language, then filled in for each message,
 * escaped. `{{organisation}}`, `{{email}}` and `{{signInAddress}}` are always there.
 */
export type MessageKind = {
  kind: string;
  /** A tenant may have words of its own instead. */
  wordings: Wordings;
  /** What its words may name, besides what every email has. */
  placeholders: readonly Placeholder[];
  /** What stands between intro and closing. */
  core(parts: { language: Language; button: string }): readonly ReactNode[];
  /** For the preview of its words: what stands for the placeholders of the core, but those that are secret. */
  samples?: Readonly<Record<string, string>>;
  /** For how many days what it carries works, from when it is sent: shown in a preview. */
  worksFor?: (settings: Omit<TenantSettings, "name">) => number;
  /** Placeholders of the core that hold something secret: masked wherever a message is shown again. */
  secrets: readonly string[];
  /** Nobody is kept waiting for it because of other mail: of what an address may get a day only its own kind counts. */
  countedApart?: true;
  /** So many a day may go to an address all the same where its tenant allows fewer. Only of what is counted apart. */
  atLeastADay?: number;
  /**
   * It goes past the queue, by the installation's mail server and in Muster's own words: nobody words it anew, takes it back,
   * sends it again, or chooses where answers go.
   */
  apart?: true;
  /**
   * It tells of what somebody else may have done in its person's name, who must not be able to keep it from them: it goes in
   * Muster's own words, however much else goes there; nobody words it anew, takes it back or sends it again.
   */
  assured?: true;
  /** Looks up what each message says, all at once. A message that is missing in the answer is withdrawn. */
  contents(ctx: Context, messages: readonly PendingMessage[]): Promise<Map<string, MessageContent>>;
  /**
   * Locks what the hooks below write of these people, before their messages are written: credentials before messages
   * before links, everywhere, or two transactions wait for each other.
   */
  hold?(ctx: Context, userIds: readonly string[]): Promise<void>;
  /** In the transaction in which the mail server's acceptance is noted. */
  accepted?(ctx: Context, messages: readonly PendingMessage[]): Promise<void> | void;
  /** In the transaction in which Muster gives up on it, or in which it is withdrawn. */
  givenUp?(ctx: Context, messages: readonly PendingMessage[]): Promise<void>;
  /** In the transaction in which it is withdrawn because its `contents` asked for a replacement: makes that. */
  replaced?(ctx: Context, messages: readonly PendingMessage[]): Promise<void>;
};

const registered = new Map<string, MessageKind>();

/** Makes kinds known, once, when the server or a test is put together. */
export function registerKinds(kinds: readonly MessageKind[]) {
  for (const kind of kinds) registered.set(kind.kind, kind);
}

export const kindNamed = (name: string): MessageKind | undefined => registered.get(name);

export const allKinds = (): MessageKind[] => [...registered.values()];

/** Those that carry a link or a password. */
export const kindsWithSecrets = () =>
  allKinds().flatMap(({ kind, secrets }) => (secrets.length > 0 ? [kind] : []));

/** Those that nobody words anew, takes back or sends again. */
export const isMustersOwn = (kind: MessageKind | undefined) => kind?.apart === true || kind?.assured === true;

export const assuredKinds = () => allKinds().flatMap(({ kind, assured }) => (assured ? [kind] : []));

/** Before messages of these kinds, of all kinds where none is named, are written and their hooks run. */
export async function holdForKinds(ctx: Context, userIds: readonly string[], kinds?: Iterable<string>) {
  for (const name of kinds ?? registered.keys()) await kindNamed(name)?.hold?.(ctx, userIds);
}

type Hook = "accepted" | "givenUp" | "replaced";

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
