import { z } from "zod";

/** An error over HTTP: RFC 9457 problem details, with a stable code and, where it belongs to fields, which. */
export const problemSchema = z.object({
  type: z.string().describe("A URI reference that names the kind of problem; the same as `code`."),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable, for programs: `user.email_taken`."),
  detail: z.string().describe("For people: what is wrong, what was read, how to mend it."),
  fields: z
    .record(z.string(), z.string())
    .optional()
    .describe("Where the problem belongs to fields of the request: path of the field → what to mend."),
  requestId: z.string().optional(),
  retryAfter: z.int().optional().describe("Seconds."),
});
export type Problem = z.infer<typeof problemSchema>;
