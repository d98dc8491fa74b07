/**
 * Which unique or check constraint an error says was violated. A distributed table carries its shard's number
 * (`groups_name_key_102575`), which is taken off: no constraint of ours ends in digits.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("constraint" in error) || typeof error.constraint !== "string") return;
  return error.constraint.replace(/_\d+$/, "");
}
