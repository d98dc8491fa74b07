import type { Language } from "../../tenants/tenant-settings.ts";
import type { Wordings } from "../kinds.ts";

export const serverChangedWording: Wordings = {
  en: {
    subject: "The mail server of {{organisation}} was changed",
    heading: "Hello, {{firstName}}",
    intro:
      "Somebody changed the mail server that the emails of {{organisation}} go by. Every owner is told so, by a server that nobody at {{organisation}} can change.",
    button: "Go to the sign-in page",
    closing:
      "If no owner of {{organisation}} meant this, set it back in Settings at once and end that owner's sessions: whoever runs the mail server can read links to set a password, yours too.",
  },
  de: {
    subject: "Der Mailserver von {{organisation}} wurde geändert",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "Jemand hat den Mailserver geändert, über den die E-Mails von {{organisation}} gehen. Das erfahren alle Inhaber, über einen Server, den bei {{organisation}} niemand ändern kann.",
    button: "Zur Anmeldeseite",
    closing:
      "Falls das kein Inhaber von {{organisation}} wollte, machen Sie es in den Einstellungen sofort rückgängig und beenden Sie dessen Sitzungen: Wer den Mailserver betreibt, kann Links zum Festlegen eines Passworts lesen, auch Ihre.",
  },
  es: {
    subject: "Se ha cambiado el servidor de correo de {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro:
      "Alguien ha cambiado el servidor por el que salen los correos de {{organisation}}. Se avisa a todos los propietarios, por un servidor que nadie de {{organisation}} puede cambiar.",
    button: "Ir a la página de acceso",
    closing:
      "Si ningún propietario de {{organisation}} lo quería, deshágalo enseguida en la configuración y cierre las sesiones de ese propietario: quien tiene el servidor de correo puede leer los enlaces para establecer una contraseña, también los suyos.",
  },
};

type Facts = { server: string; by: string; installations: string };

export const serverChangedFacts: Readonly<Record<Language, Facts>> = {
  en: { server: "Mail server", by: "Changed by", installations: "That of the installation" },
  de: { server: "Mailserver", by: "Geändert von", installations: "Der der Installation" },
  es: {
    server: "Servidor de correo",
    by: "Cambiado por",
    installations: "El de la instalación",
  },
};
