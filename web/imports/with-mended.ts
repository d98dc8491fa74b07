type Chip = { value: string };

/**
 * What is looked at stays chosen when its last row is mended: nobody's row runs away while they type. `mended` stands first then,
 * and nowhere twice.
 */
export function withMended<Of extends Chip>(chips: readonly Of[], wanted: string | undefined, mended: Of) {
  const isGone = wanted === mended.value && chips.every(({ value }) => value !== mended.value);
  return isGone ? [mended, ...chips] : chips;
}
