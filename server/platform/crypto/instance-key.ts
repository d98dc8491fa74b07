import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The instance key of a data folder, made at the first start (32 random bytes, readable by the owner only). Written
 * beside its place and linked into it, so that two starts at once, or a kill in between, leave one whole key.
 */
export function readInstanceKey(dataDir: string): Buffer {
  const path = join(dataDir, "instance.key");
  try {
    return parse(readFileSync(path, "utf8"), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const made = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(made, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(made, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(made);
  }
  return parse(readFileSync(path, "utf8"), path);
}

function parse(text: string, path: string) {
  if (!/^[0-9a-f]{64}\s*$/i.test(text)) {
    throw new Error(
      `${path} does not hold an instance key (64 hexadecimal digits). Put your copy of it back.`,
    );
  }
  return Buffer.from(text.trim(), "hex");
}
