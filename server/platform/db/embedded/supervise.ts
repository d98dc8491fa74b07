import { spawn } from "node:child_process";
import { type Account, asAccount } from "./account.ts";

// Ties a program's life to ours. The shell is the program's parent, so the id it signals is never somebody else's;
// its standard input is a pipe from us, which ends when we close it or die, kill -9 included. It leads a session of
// its own and ignores signals, so that neither Ctrl-C nor a service manager takes it away before the program.
// The program starts with the signals ignored too; PostgreSQL sets every one of them itself.
const watchdog = `
trap '' HUP INT TERM
exec 3<&0
"$@" 3<&- </dev/null & program=$!
(while read -r _ <&3; do :; done; kill -INT "$program") & watcher=$!
wait "$program"; code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"
`;

export type Supervised = {
  /** Resolves with the exit code; never rejects. */
  ended: Promise<number>;
  hasEnded: () => boolean;
  /** Lets go of the program: it gets SIGINT, which PostgreSQL takes as a fast shutdown. */
  release: () => void;
  /** The end of what it wrote to its standard error. */
  complaints: () => string;
};

/** Starts a program that gets SIGINT when we say so and when this process dies in whatever way. */
export function supervise(command: string, args: string[], account: Account | undefined): Supervised {
  const child = spawn("/bin/sh", ["-c", watchdog, "muster-postgres", command, ...args], {
    ...asAccount(account),
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  let complaints = "";
  let over = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-8192);
  });
  child.stdin.on("error", () => {}); // it may be gone before we let go
  const ended = new Promise<number>((resolve) => {
    const finish = (code: number) => {
      over = true;
      resolve(code);
    };
    child.on("error", (error) => {
      complaints += error.message;
      finish(127);
    });
    // Its last words may still be in the pipe, which a surviving child of it can hold open for ever.
    child.on("exit", (code) => {
      const end = () => finish(code ?? 137);
      child.stderr.once("close", end);
      setTimeout(end, 200);
    });
  });
  return {
    ended,
    hasEnded: () => over,
    release: () => child.stdin.end(),
    complaints: () => complaints.trim(),
  };
}
