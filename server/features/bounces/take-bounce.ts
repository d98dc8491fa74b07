import type { Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { Bytes, InstanceContext } from "#server/route.ts";
import {
  type ClaimedMessage,
  findBounceAddress,
  findTenantBounceAddress,
  isSealed,
} from "../mail/bounce-address.ts";
import { readDeliveryReport } from "./read-delivery-report.ts";
import { takeReport, tenantsOf } from "./take-report.ts";

/** A returned message may be as large as any email; of what is read only the beginning is kept. */
const largest = 64 * 1024 * 1024;

/**
 * Takes in a delivery report as a mail server passes it on. It is believed because it was sent to the address that was made
 * for that one message; neither a Message-ID nor anything else in it is looked at to find out whose it is.
 */
export async function takeBounce(instance: InstanceContext, to: string | undefined, { head, size }: Bytes) {
  const { secrets, config } = instance.instance;
  if (!config.mailBounceAddress) throw notFound("page");
  mustFit(size);
  const claimed = findBounceAddress(addressesIn(to, head), config.mailBounceAddress);
  const tenant =
    claimed && (await tenantsOf(instance, claimed)).find(({ id }) => isSealed(secrets, id, claimed));
  if (!claimed || !tenant) throw notOurs();
  await takeIn(instance.door(tenant), claimed, head);
}

/** The same of a tenant's own mail server. The seal is of that tenant: no other one's messages can be reported here. */
export async function takeTenantBounce(door: Door, to: string | undefined, { head, size }: Bytes) {
  mustFit(size);
  const claimed = findTenantBounceAddress(addressesIn(to, head));
  if (!claimed || !isSealed(door.instance.secrets, door.tenantId, claimed)) throw notOurs();
  await takeIn(door, claimed, head);
}

async function takeIn(door: Door, { messageId }: ClaimedMessage, head: Buffer) {
  const report = await readDeliveryReport(head);
  if (report) await door.run((ctx) => takeReport(ctx, messageId, report));
}

function mustFit(size: number) {
  if (size > largest)
    throw new ProblemError(413, "bounce.too_large", "This is too large to be a delivery report.");
}

const notOurs = () =>
  new ProblemError(403, "bounce.not_ours", "This was not sent to the address of a message of ours.");

/** Mail servers put an address into a URL as it is, and there a plus is a space. */
const addressesIn = (to: string | undefined, head: Buffer) => to?.replaceAll(" ", "+") ?? headerOf(head);

/** Unfolded, so that a long address stands in one line. */
const headerOf = (head: Buffer) =>
  (
    head
      .subarray(0, 65_536)
      .toString("latin1")
      .split(/\r?\n\r?\n/, 1)[0] ?? ""
  ).replace(/\r?\n[ \t]+/g, "");
