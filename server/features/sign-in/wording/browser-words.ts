import type { Language } from "../../tenants/tenant-settings.ts";

type BrowserWords = { when: string; browser: string; ip: string };

/** What is told of a sign-in. */
export const browserWords: Readonly<Record<Language, BrowserWords>> = {
  en: { when: "When", browser: "Browser", ip: "IP address" },
  de: { when: "Wann", browser: "Browser", ip: "IP-Adresse" },
  es: { when: "Cuándo", browser: "Navegador", ip: "Dirección IP" },
};
