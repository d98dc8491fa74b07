import type { Wordings } from "../kinds.ts";

export const testEmailWording: Wordings = {
  en: {
    subject: "Test email from {{organisation}}",
    heading: "Email works",
    intro: `This is a test email of {{organisation}}. Somebody sent it to themselves from Settings.

If you can read it, your people can be written to.`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Test-E-Mail von {{organisation}}",
    heading: "E-Mails kommen an",
    intro: `Dies ist eine Test-E-Mail von {{organisation}}. Jemand hat sie sich in den Einstellungen selbst geschickt.

Wenn Sie sie lesen können, lassen sich auch Ihre Leute anschreiben.`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Correo de prueba de {{organisation}}",
    heading: "El correo funciona",
    intro: `Este es un correo de prueba de {{organisation}}. Alguien se lo ha enviado desde la configuración.

Si puede leerlo, también se puede escribir a su gente.`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
