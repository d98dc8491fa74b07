/**
 * A field that says nothing when it is left empty: what is pressed next, beneath it, would move away while it is pressed, and
 * whoever presses it has chosen another way.
 */
export const quietField = <Field extends { value: string; onBlur: () => void }>(field: Field): Field => ({
  ...field,
  onBlur: () => {
    if (field.value !== "") field.onBlur();
  },
});
