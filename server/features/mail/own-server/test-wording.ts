import type { Wordings } from "../kinds.ts";

export const testWording: Wordings = {
  en: {
    subject: "Test email from {{organisation}}",
    heading: "Email works",
    intro:
      "This is a test email of {{organisation}}. Somebody sent it to themselves from Settings.\n\nIf you can read it, your people can be written to.",
    button: "To the portal",
    closing: "",
  },
  de: {
    subject: "Test-E-Mail von {{organisation}}",
    heading: "E-Mails kommen an",
    intro:
      "Dies ist eine Test-E-Mail von {{organisation}}. Jemand hat sie sich selbst aus den Einstellungen geschickt.\n\nWenn Sie sie lesen können, erreichen E-Mails auch Ihre Leute.",
    button: "Zum Portal",
    closing: "",
  },
  es: {
    subject: "Correo de prueba de {{organisation}}",
    heading: "El correo funciona",
    intro:
      "Este es un correo de prueba de {{organisation}}. Alguien se lo envió a sí mismo desde los ajustes.\n\nSi puede leerlo, su gente también puede recibir correo.",
    button: "Ir al portal",
    closing: "",
  },
};
