import type { Context } from "#server/context.ts";

/** An address that nobody has, or that takes no email any more: a mail server says so for good. */
type FailedAddress = { userId: string; address: string; reply: string };

/** Whoever keeps people's addresses. */
export type AddressKeeper = {
  /** Locks these people: before anything else of them is locked, everywhere. */
  hold(ctx: Context, userIds: readonly string[]): Promise<unknown>;
  /** Of people this transaction has locked. */
  markFailed(ctx: Context, addresses: readonly FailedAddress[]): Promise<void>;
};

let registered: AddressKeeper | undefined;

/** Makes it known, once, when the server is put together. */
export function registerAddressKeeper(keeper: AddressKeeper) {
  registered = keeper;
}

export const holdAddresses: AddressKeeper["hold"] = async (ctx, userIds) => {
  if (userIds.length > 0) await registered?.hold(ctx, userIds);
};

export const markFailedAddresses: AddressKeeper["markFailed"] = async (ctx, addresses) => {
  if (addresses.length > 0) await registered?.markFailed(ctx, addresses);
};
