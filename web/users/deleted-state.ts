import type { DeletedSort } from "#server/features/users/contract.ts";
import { chosen, optional, text, yes } from "../shell/address-state.ts";

const sorts: readonly DeletedSort[] = ["-deleted", "deleted", "erase", "-erase"];

/** What the address says of the list of deleted users. */
export const deletedState = (search: Record<string, unknown>) =>
  optional({ search: text(search.search), soon: yes(search.soon), sort: chosen(search.sort, sorts) });

export type DeletedState = ReturnType<typeof deletedState>;
