import type { Config } from "#server/platform/config/config.ts";
import type { TrustedReport } from "../take-report.ts";

/** What a provider sent: exactly as it came, since that is what it signed. */
export type SignedRequest = { headers: Record<string, string | string[] | undefined>; body: Buffer };

/** An email provider that tells of bounces. */
export type Provider = {
  /** Has somebody configured it? */
  isUsed(config: Config): boolean;
  /** What it reports of our messages, or undefined where the signature is not its own. */
  read(request: SignedRequest, config: Config): Promise<TrustedReport[] | undefined>;
  /**
   * Where the signature does not cover what is reported: what must not come a second time, for so long. Asked of a request
   * whose signature is good.
   */
  once?(request: SignedRequest): { token: string; seconds: number };
};
