const special = /["\\]/;

/**
 * A long list as a parameter, as text for `::type[]`: half the work of handing the driver an array. Where every value is null
 * it is null itself, which `unnest` of several lists fills up.
 */
export function arrayText(values: readonly (string | number | boolean | null)[]): string | null {
  let text = "";
  let some = false;
  for (const value of values) {
    some ||= value !== null;
    text += text === "" ? "{" : ",";
    text += typeof value === "string" ? quoted(value) : String(value);
  }
  return text === "" ? "{}" : some ? `${text}}` : null;
}

const quoted = (value: string) =>
  special.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : `"${value}"`;
