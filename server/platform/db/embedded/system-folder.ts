import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

const candidates = ["/var/lib/muster", "/opt/muster"];

/** A folder of this machine that survives a restart, that every user may enter and only root may change. */
export function systemFolder(): string {
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (onlyRootWrites(folder) && onlyRootWrites(dirname(folder))) return folder;
    } catch {
      // read-only here: try the next
    }
  }
  throw new Error(
    "Muster runs as root, which PostgreSQL refuses; its own user cannot reach the project folder, and neither " +
      `${candidates.join(" nor ")} can be written. Run Muster as an ordinary user, or put the project and its data ` +
      "where every user may enter, such as /srv/muster.",
  );
}

function onlyRootWrites(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return uid === 0 && (mode & 0o022) === 0;
}
