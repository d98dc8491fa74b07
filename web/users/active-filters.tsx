import { IconX } from "@tabler/icons-react";
import { roleNames } from "#server/permissions.ts";
import { exactDay } from "../ui/time.ts";
import classes from "./active-filters.module.css";
import { flags } from "./users-filter.tsx";
import { isNarrowed, type UsersState } from "./users-state.ts";

type Props = { state: UsersState; change: (next: UsersState) => void };

/** What narrows the list, each part taken off by one press. */
export function ActiveFilters({ state, change }: Props) {
  if (!isNarrowed(state)) return null;
  const parts: { label: string; without: UsersState }[] = flags
    .filter(({ name }) => state[name])
    .map(({ name, label }) => ({ label, without: { [name]: undefined } }));
  if (state.role) parts.push({ label: roleNames[state.role], without: { role: undefined } });
  if (state.factor) parts.push({ label: factorLabels[state.factor], without: { factor: undefined } });
  if (state.import) parts.push({ label: "Made by one import", without: { import: undefined } });
  if (state.from || state.until) {
    parts.push({ label: addedWhen(state), without: { from: undefined, until: undefined } });
  }
  return (
    <ul className={classes.filters} aria-label="Filters">
      {parts.map(({ label, without }) => (
        <li key={label}>
          <button type="button" className={classes.filter} onClick={() => change(without)}>
            {label}
            <IconX size={12} aria-label="Take off" />
          </button>
        </li>
      ))}
    </ul>
  );
}

const factorLabels = { set_up: "Second factor set up", none: "No second factor" };

function addedWhen({ from, until }: UsersState): string {
  if (from && from === until) return `Added on ${exactDay(from)}`;
  return ["Added", from && `from ${exactDay(from)}`, until && `until ${exactDay(until)}`]
    .filter(Boolean)
    .join(" ");
}
