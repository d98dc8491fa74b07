import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/support/longest-first.ts";

export default defineConfig({
  test: {
    environment: "node",
    include: ["server/**/*.test.ts", "cli/**/*.test.ts", "web/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: "tests/support/global-setup.ts",
    pool: "forks",
    // Files share their worker's modules, which Node loads as it does in production: nothing is mocked, and loading took
    // longer than most files.
    isolate: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // One more than there are processors: much of the time is waiting, for browsers and for servers that start.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // What comes about soon mostly is there at once; a second is little on a machine that does something else as well.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
