import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getUser, listUsers } from "#server/features/users/contract.ts";
import { identity } from "../shell/address-state.ts";
import { read, useTenant } from "../shell/queries.ts";
import { SearchedFilter } from "../ui/searched-filter.tsx";
import table from "../ui/table.module.css";

type Other = { value: string; label: string };
type Props = {
  label: "Who" | "Whom";
  chosen: string | undefined;
  /** What the chosen one is called, where the screen knows it already. */
  known: string | undefined;
  others?: readonly Other[];
  onChoose: (id: string | undefined) => void;
};

/** Narrows a list to one person, found by typing. */
export function PersonFilter({ label, chosen, known, others = [], onChoose }: Props) {
  const name = useName(chosen, known ?? others.find((other) => other.value === chosen)?.label);
  return (
    <SearchedFilter
      label={`${label}: ${chosen ? name : "anybody"}`}
      chosen={chosen}
      any="Anybody"
      searchLabel="Find a person"
      nothingFound="Nobody is called that."
      width={280}
      onChoose={onChoose}
      useChoices={usePeople}
      others={others}
    />
  );
}

function usePeople(search: string, opened: boolean) {
  const tenant = useTenant();
  const { data } = useQuery({
    ...read(listUsers, { params: { tenant }, query: { limit: 20, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
    enabled: opened,
  });
  return data?.items.map((user) => ({
    value: user.id,
    label: (
      <>
        {user.firstName} {user.lastName} <small className={table.dim}>{user.email}</small>
      </>
    ),
  }));
}

/** Asked for only where nothing on the screen says it. */
function useName(chosen: string | undefined, known: string | undefined): string {
  const tenant = useTenant();
  const userId = identity(chosen) ?? "";
  const { data } = useQuery({
    ...read(getUser, { params: { tenant, userId } }),
    enabled: userId !== "" && known === undefined,
    retry: false,
  });
  return known ?? (data ? `${data.firstName} ${data.lastName}` : "one");
}
