import type { Answer } from "./tenant.ts";

/** Sends requests at the same moment and answers what came of each as `201`, or `409 user.email_taken`, sorted. */
export async function atOnce(...requests: Promise<Answer>[]): Promise<string[]> {
  const answers = await Promise.all(requests);
  return answers.map(shortly).sort();
}

export const shortly = ({ status, body }: Answer) =>
  [status, (body as { code?: string } | undefined)?.code].filter(Boolean).join(" ");
