import { createHash } from "node:crypto";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { UploadedFile } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { keepLetterhead } from "./letter-changes.ts";
import { lockSettings, presentSettings } from "./settings.ts";
import { keepPastLogo, readLogoDigest, removeLogoRow, writeLogo } from "./store-logos.ts";

const mostBytes = 256 * 1024;
/** Whoever tries one picture after the other fills nobody's disk. Messages with an older one are shown without. */
const mostPastLogos = 20;

/** Takes the first of the uploaded files as the logo. What it is is read from its bytes, never from its name. */
export async function changeLogo(door: Door, files: AsyncIterable<UploadedFile>) {
  const content = await firstOf(files);
  if (!content) throw new ProblemError(400, "logo.missing", "Choose a picture first.");
  if (content.length > mostBytes)
    throw new ProblemError(413, "logo.too_large", "The picture is larger than 256 KiB. Make it smaller.");
  const mediaType = mediaTypeOf(content);
  if (!mediaType)
    throw new ProblemError(
      422,
      "logo.not_a_picture",
      "The file is no PNG, JPEG or WebP picture. Choose another.",
    );
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 32);
  await door.run(async (ctx) => {
    await keepLogo(ctx, digest);
    await writeLogo(ctx, { mediaType, content, digest });
    await note(ctx, "tenant.logo_changed", { bytes: content.length, mediaType });
  });
  return { logo: digest };
}

export async function removeLogo(ctx: Context) {
  await keepLogo(ctx, null);
  if (await removeLogoRow(ctx)) await note(ctx, "tenant.logo_removed", {});
}

/** Messages that went with the logo there was are shown with it. */
async function keepLogo(ctx: Context, next: string | null) {
  await lockSettings(ctx);
  const logo = await readLogoDigest(ctx);
  if (logo === next) return;
  const { values } = await presentSettings(ctx);
  await keepLetterhead(ctx, { ...values, logo });
  await keepPastLogo(ctx, mostPastLogos);
}

const note = (ctx: Context, action: string, details: Record<string, string | number>) =>
  record(ctx, { action, target: { kind: "tenant", id: ctx.tenantId }, details });

/** Read to its end, as every upload is; what is above the limit is not kept. */
async function firstOf(files: AsyncIterable<UploadedFile>): Promise<Buffer | undefined> {
  let first: Buffer | undefined;
  for await (const { content } of files) {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of content as AsyncIterable<Buffer>) {
      if (size <= mostBytes) parts.push(part);
      size += part.length;
    }
    first ??= Buffer.concat(parts);
  }
  return first;
}

function mediaTypeOf(content: Buffer): string | undefined {
  const begins = (bytes: string, at = 0) =>
    content.subarray(at, at + bytes.length).equals(Buffer.from(bytes, "latin1"));
  if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
  if (begins("\xff\xd8\xff")) return "image/jpeg";
  if (begins("RIFF") && begins("WEBP", 8)) return "image/webp";
  return undefined;
}
