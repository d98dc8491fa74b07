import type { z } from "zod";
import { RefusedInput } from "./with-installation.ts";

/** Checks what was typed by the same schema as the API does; refuses it with every problem, by option. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${optionOf(issue.path.join("-"))}: ${issue.message}`);
  throw new RefusedInput(lines.join("\n"));
}

/** A password is never an option: it is read from standard input. */
const optionOf = (path: string) =>
  path === "password"
    ? "The password"
    : `--${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
