import { type ComboboxStore, useCombobox } from "@mantine/core";
import { type KeyboardEvent, useEffect, useState } from "react";

type Options = {
  typed: string;
  /** The values of the entries, in their order. */
  entries: readonly string[];
  /** The entry that Enter takes; undefined where nothing was typed, or while the entries are still looked for. */
  best: string | undefined;
  /** May the best one be taken although it was not on screen yet when Enter was pressed? */
  safe: boolean;
  choose: (entry: string) => void;
};

/** The keys of the list: arrows move, Enter takes what is marked, and never reaches the form while text stands there. */
export function useGroupChoice({ typed, entries, best, safe, choose }: Options) {
  const combobox = useCombobox();
  const [marked, mark] = useState<string | null>(null);
  const [awaited, setAwaited] = useState("");

  const order = entries.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is new on each render and has no state of its own here
  useEffect(() => {
    const place = best === undefined ? -1 : order.split(",").indexOf(best);
    if (place === -1) combobox.resetSelectedOption();
    else combobox.selectOption(place);
    mark(markedIn(combobox.listId));
  }, [best, order, combobox.dropdownOpened]);

  // Whoever types fast presses Enter before the answer is there.
  useEffect(() => {
    if (awaited === "" || best === undefined) return;
    setAwaited("");
    if (awaited === typed && safe) choose(best);
  }, [awaited, best, safe, typed, choose]);

  const enter = (event: KeyboardEvent) => {
    const chosen = combobox.dropdownOpened && combobox.getSelectedOptionIndex() !== -1;
    if (!chosen && typed.trim() === "") return;
    event.preventDefault();
    if (chosen) return combobox.clickSelectedOption();
    combobox.openDropdown("keyboard");
    if (best === undefined) setAwaited(typed);
    else choose(best);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") enter(event);
    else if (event.key === "Escape") combobox.closeDropdown("keyboard");
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(move(combobox, event.key));
    }
  };
  return { combobox, onKeyDown, marked };
}

/** The marked entry's id, for screen readers. */
const markedIn = (listId: string | null) =>
  listId ? (document.getElementById(listId)?.querySelector("[data-combobox-selected]")?.id ?? null) : null;

function move(combobox: ComboboxStore, key: "ArrowDown" | "ArrowUp") {
  if (!combobox.dropdownOpened) {
    combobox.openDropdown("keyboard");
    return null;
  }
  return key === "ArrowDown" ? combobox.selectNextOption() : combobox.selectPreviousOption();
}
