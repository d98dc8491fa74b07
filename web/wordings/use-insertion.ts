import { type FocusEvent, useRef } from "react";
import type { Part } from "./wording-parts.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Puts a placeholder where the cursor is, or was before somebody went to press its button. */
export function useInsertion(set: (part: Part, text: string) => void) {
  const last = useRef<Field>(null);
  return {
    onFocus: (event: FocusEvent<Field>) => {
      last.current = event.currentTarget;
    },
    insert: (text: string) => {
      const field = last.current;
      if (!field?.isConnected) return;
      const { value, selectionStart, selectionEnd } = field;
      const start = selectionStart ?? value.length;
      set(field.name as Part, value.slice(0, start) + text + value.slice(selectionEnd ?? start));
      field.focus();
      // The value is written anew when React has drawn it: only then is there a place behind it.
      requestAnimationFrame(() => field.setSelectionRange(start + text.length, start + text.length));
    },
  };
}
