import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { Bytes, InstanceContext } from "#server/route.ts";
import type { Provider } from "./providers/provider.ts";
import { type TrustedReport, takeTrusted } from "./take-report.ts";

type Sent = Bytes & { headers: Record<string, string | string[] | undefined> };

/** Takes in what a provider reports. It is believed for its signature; what is not signed is not even read. */
export async function takeProviderEvents(
  instance: InstanceContext,
  provider: Provider,
  { head, size, headers }: Sent,
) {
  const { config } = instance.instance;
  if (!provider.isUsed(config)) throw notFound("page");
  if (size > head.length) throw new ProblemError(413, "bounce.too_large", "Send fewer events at once.");
  const request = { headers, body: head };
  const reports = await readSigned(provider, request, instance);
  await onlyOnce(instance, provider.once?.(request), async () => {
    for (const report of reports) await takeTrusted(instance, report);
  });
}

/** Not a second time, unless it failed: then the provider tries again, as it does where it is told that the first is under way. */
async function onlyOnce(
  { instance: { throttle } }: InstanceContext,
  what: ReturnType<NonNullable<Provider["once"]>> | undefined,
  work: () => Promise<void>,
) {
  if (!what) return work();
  const came = await throttle.once(what.token, what.seconds, work);
  // Mailgun leaves off trying at this status.
  if (came === "before") throw new ProblemError(406, "bounce.taken_before", "This has been taken in before.");
  if (came === "under way")
    throw new ProblemError(503, "bounce.under_way", "This is being taken in at this moment. Send it again.", {
      reportable: false,
      retryAfterSeconds: 60,
    });
}

async function readSigned(
  provider: Provider,
  request: Parameters<Provider["read"]>[0],
  { instance: { config }, log }: InstanceContext,
): Promise<TrustedReport[]> {
  const reports = await provider.read(request, config).catch((error: Error) => {
    // A key that is none, a body that is no JSON, a certificate that cannot be fetched.
    log.warn({ reason: error.message }, "events of an email provider could not be read");
    return undefined;
  });
  if (!reports) throw new ProblemError(403, "bounce.not_signed", "This is not signed by the provider.");
  return reports;
}
