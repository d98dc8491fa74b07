import type { Language } from "../../tenants/tenant-settings.ts";

type ResultWords = { file: string; made: string; changed: string; unchanged: string; leftOut: string };

/** What the numbers of a finished import are called in an email. */
export const resultWords: Readonly<Record<Language, ResultWords>> = {
  en: {
    file: "File",
    made: "Created or invited",
    changed: "Changed",
    unchanged: "Users already, as they were",
    leftOut: "Left out",
  },
  de: {
    file: "Datei",
    made: "Angelegt oder eingeladen",
    changed: "Geändert",
    unchanged: "Schon vorhanden, unverändert",
    leftOut: "Ausgelassen",
  },
  es: {
    file: "Archivo",
    made: "Creadas o invitadas",
    changed: "Modificadas",
    unchanged: "Ya existentes, sin cambios",
    leftOut: "Omitidas",
  },
};
