import type { Language } from "../../tenants/tenant-settings.ts";

type LayoutWords = {
  /** Below every button that leads to an address written out nowhere else. */
  withoutButton: string;
  /** At the end of every email. */
  footer: string;
  /** The same, where the tenant has said where answers go. */
  footerWithAnswers: string;
};

/** What every email says in the same words, whatever a tenant's own wording. */
export const layoutWords: Readonly<Record<Language, LayoutWords>> = {
  en: {
    withoutButton: "If the button does not work, copy this address into your browser:",
    footer:
      "Sent to {{email}} by the people portal of {{organisation}}. Answers to this email are not read: if something is not right, ask an administrator of {{organisation}}.",
    footerWithAnswers:
      "Sent to {{email}} by the people portal of {{organisation}}. Answers to this email go to {{replyTo}}.",
  },
  de: {
    withoutButton: "Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:",
    footer:
      "Gesendet an {{email}} vom Personenportal von {{organisation}}. Antworten auf diese E-Mail werden nicht gelesen: Wenn etwas nicht stimmt, wenden Sie sich an die Administration von {{organisation}}.",
    footerWithAnswers:
      "Gesendet an {{email}} vom Personenportal von {{organisation}}. Antworten auf diese E-Mail gehen an {{replyTo}}.",
  },
  es: {
    withoutButton: "Si el botón no funciona, copie esta dirección en su navegador:",
    footer:
      "Enviado a {{email}} por el portal de personas de {{organisation}}. Las respuestas a este correo no se leen: si algo no es correcto, diríjase a la administración de {{organisation}}.",
    footerWithAnswers:
      "Enviado a {{email}} por el portal de personas de {{organisation}}. Las respuestas a este correo llegan a {{replyTo}}.",
  },
};
