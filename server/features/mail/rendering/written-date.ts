import type { Language } from "../../tenants/tenant-settings.ts";

export type Place = { language: Language; timeZone: string };

const locales: Record<Language, string> = { en: "en-GB", de: "de-DE", es: "es-ES" };
const formats = new Map<string, Intl.DateTimeFormat>();

/** Saturday, 28 November 2026 at 10:30 CET: as the place writes it, with the name of its time. */
export const writtenDate = (at: Date, place: Place) => formatOf(place).format(at);

/** Making one takes longer than using it a thousand times. */
function formatOf({ language, timeZone }: Place) {
  const key = `${language} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(locales[language], {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  });
  formats.set(key, format);
  return format;
}
