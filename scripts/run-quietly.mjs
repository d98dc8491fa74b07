import { spawn } from "node:child_process";

/** Runs a program without showing its output, which is handed back with its exit code. It ends when we are ended. */
export function runQuietly(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    const keep = (text) => {
      output += text;
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    const stopListening = endWithUs(child);
    const finish = (code) => {
      stopListening();
      resolve({ code, output: output.trim() });
    };
    child.on("error", (error) => {
      keep(error.message);
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

function endWithUs(child) {
  const end = (signal) => {
    child.kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  return () => process.off("SIGINT", end).off("SIGTERM", end);
}
