import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** The bare SMTP sink in a process of its own. */
export async function startSink() {
  const child = fork(join(import.meta.dirname, "bare-sink.ts"));
  const ask = async <Answer>(question?: string) => {
    const answer = once(child, "message");
    if (question) child.send(question);
    return (await answer)[0] as Answer;
  };
  const { port } = await ask<{ port: number }>();
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** How many messages came, so far. */
    messages: async () => (await ask<{ messages: number }>("how many?")).messages,
    stop: () => child.disconnect(),
  };
}
