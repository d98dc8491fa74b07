import { z } from "zod";
import { checkPassword, passwordMaximum } from "./password-rules.ts";

/** A password as typed; which rules it must meet depends on the person (`checkPassword`). */
export const typedPassword = z
  .string()
  .min(1, "Enter a password.")
  .max(passwordMaximum * 4);

type About = { email?: string | undefined; firstName?: string | undefined; lastName?: string | undefined };

/** For a form: adds the password's problem, if it has one, at `path`. */
export function refinePassword(
  context: z.core.$RefinementCtx,
  path: string,
  password: string,
  about: About = {},
) {
  const known = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  const problem = checkPassword(password, known);
  if (problem) context.addIssue({ code: "custom", path: [path], message: problem, input: undefined });
}
