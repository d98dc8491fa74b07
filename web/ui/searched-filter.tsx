import { Button, Combobox, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./searched-filter.module.css";

type Choice = { value: string; label: ReactNode };
type Props = {
  /** What the button says. */
  label: string;
  chosen: string | undefined;
  /** What takes the choice back. */
  any: string;
  searchLabel: string;
  nothingFound: string;
  width: number;
  onChoose: (value: string | undefined) => void;
  /** What is found; a hook. Asks for nothing while it is closed. */
  useChoices: (search: string, opened: boolean) => readonly Choice[] | undefined;
  /** Offered below while nothing is searched for. */
  others?: readonly Choice[];
};

/** Narrows a list to one of many, found by typing. */
export function SearchedFilter(props: Props) {
  const { label, chosen, any, searchLabel, nothingFound, width, onChoose, useChoices, others = [] } = props;
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => setTyped(""),
  });
  const found = useChoices(search, combobox.dropdownOpened);
  const option = ({ value, label: words }: Choice) => (
    <Combobox.Option key={value} value={value} active={value === chosen}>
      {words}
    </Combobox.Option>
  );
  const choose = (value: string) => {
    onChoose(value === "any" ? undefined : value);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} width={width} position="bottom-start" onOptionSubmit={choose} shadow="md">
      <Combobox.Target targetType="button">
        <Button
          variant={chosen ? "light" : "default"}
          size="sm"
          fw={400}
          maw={280}
          className={classes.button ?? ""}
          title={chosen && label}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => combobox.toggleDropdown()}
        >
          <span className={classes.words}>{label}</span>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          aria-label={searchLabel}
          placeholder={searchLabel}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Combobox.Options mah={320} style={{ overflowY: "auto" }} aria-label="Choices">
          {chosen && (
            <Combobox.Option value="any">
              <IconX size={12} /> {any}
            </Combobox.Option>
          )}
          {found?.map(option)}
          {found?.length === 0 && <Combobox.Empty>{nothingFound}</Combobox.Empty>}
          {!search && others.map(option)}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
