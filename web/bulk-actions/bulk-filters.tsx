import { NativeSelect } from "@mantine/core";
import { verbs } from "#server/features/bulk-actions/action-words.ts";
import { type BulkAction, bulkActionNames, bulkActionState } from "#server/features/bulk-actions/contract.ts";
import { chosen } from "../shell/address-state.ts";
import { PersonFilter } from "../users/person-filter.tsx";
import classes from "./bulk-actions-page.module.css";
import { bulkLooks } from "./bulk-looks.ts";

export type BulkFilter = {
  action?: BulkAction["action"] | undefined;
  state?: BulkAction["state"] | undefined;
  by?: string | undefined;
};

type Props = {
  filter: BulkFilter;
  change: (next: BulkFilter) => void;
  /** What is on the screen: it has the names of whoever is chosen. */
  items: readonly BulkAction[];
};

/** What, how it stands and who did it, all of it in the address. */
export function BulkFilters({ filter, change, items }: Props) {
  const { action, state, by } = filter;
  const known = items.find(({ startedBy }) => startedBy.id === by)?.startedBy.name ?? undefined;
  return (
    <>
      <NativeSelect
        aria-label="What"
        className={classes.whatFilter}
        data={[
          { value: "", label: "Any action" },
          ...bulkActionNames.map((value) => ({ value, label: verbs[value] })),
        ]}
        value={action ?? ""}
        onChange={(event) => change({ action: chosen(event.currentTarget.value, bulkActionNames) })}
      />
      <NativeSelect
        aria-label="State"
        className={classes.stateFilter}
        data={[
          { value: "", label: "Any state" },
          ...bulkActionState.options.map((value) => ({ value, label: bulkLooks[value].word })),
        ]}
        value={state ?? ""}
        onChange={(event) => change({ state: chosen(event.currentTarget.value, bulkActionState.options) })}
      />
      <PersonFilter label="Who" chosen={by} known={known} onChoose={(next) => change({ by: next })} />
    </>
  );
}
