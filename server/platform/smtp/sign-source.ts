import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";

export type DkimKey = { domainName: string; keySelector: string; privateKey: string };

/** The message with a signature before it, where there is a key. */
export const signSource = async (source: Buffer, key: DkimKey | undefined): Promise<Buffer> =>
  key ? buffer(new DKIM(key).sign(source)) : source;
