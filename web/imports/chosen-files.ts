/** The files behind an import for as long as this page lives, so that another one can be added to them. */
const chosen = new Map<string, readonly File[]>();

export const remember = (importId: string, files: readonly File[]) => chosen.set(importId, files);
export const rememberedFiles = (importId: string | undefined) => (importId && chosen.get(importId)) || [];

/** A file chosen again under the same name is the mended one: it takes the other's place. */
export function withMore(before: readonly File[], more: readonly File[]): File[] {
  const names = new Set(more.map((file) => file.name));
  return [...before.filter((file) => !names.has(file.name)), ...more];
}
