import { statfsSync } from "node:fs";
import { totalmem } from "node:os";

const MiB = 1024 * 1024;

/** The settings the server is started with; `overrides` win. */
export function serverSettings(
  folders: { socketDir: string; logDir: string },
  overrides: Record<string, string> = {},
): Record<string, string> {
  return {
    listen_addresses: "",
    unix_socket_directories: folders.socketDir,
    unix_socket_permissions: "0700",
    max_connections: "150",
    shared_buffers: `${sharedBuffersMiB()}MB`,
    work_mem: "64MB",
    max_wal_size: "4GB",
    checkpoint_timeout: "15min",
    dynamic_shared_memory_type: roomySharedMemory() ? "posix" : "mmap",
    timezone: "UTC",
    log_timezone: "UTC",
    ...logSettings(folders.logDir),
    ...overrides,
  };
}

/** A week of files, each emptied when its day comes round. No statement and no DETAIL: those hold people's data. */
function logSettings(logDir: string): Record<string, string> {
  return {
    logging_collector: "on",
    log_directory: logDir,
    log_filename: "postgresql-%a.log",
    log_rotation_age: "1d",
    log_rotation_size: "0",
    log_truncate_on_rotation: "on",
    log_checkpoints: "off",
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_min_messages: "warning",
  };
}

function sharedBuffersMiB(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const memory = Math.min(totalmem(), limit) / MiB;
  return Math.max(32, Math.min(512, Math.floor(memory / 8)));
}

/** Docker gives a container 64 MiB unless told otherwise, too little for parallel queries. */
function roomySharedMemory(): boolean {
  if (process.platform !== "linux") return true;
  try {
    const { blocks, bsize } = statfsSync("/dev/shm");
    return blocks * bsize >= 512 * MiB;
  } catch {
    return false;
  }
}
