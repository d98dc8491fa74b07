import type { GroupLabel } from "#server/features/groups/contract.ts";

export const alike = (one: string, other: string) =>
  one.normalize("NFKC").trim().toLowerCase() === other.normalize("NFKC").trim().toLowerCase();

/** What is wrong with text that stands in the field of groups and was not chosen: nothing typed is dropped in silence. */
export function unchosen(typed: string, groups: readonly GroupLabel[]): { groups?: string } {
  const words = typed.trim();
  if (words === "" || groups.some((group) => alike(group.name, words))) return {};
  return { groups: `Choose “${words}” from the list, or clear it.` };
}
