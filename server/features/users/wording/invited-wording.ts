import type { Wordings } from "../../mail/kinds.ts";

export const invitedWording: Wordings = {
  en: {
    subject: "{{organisation}} invites you: set your password",
    heading: "Welcome, {{firstName}}",
    intro: "An administrator of {{organisation}} invites you. Set a password of your own, and you are in.",
    button: "Set your password",
    closing:
      "The link is yours alone and works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.",
  },
  de: {
    subject: "{{organisation}} lädt Sie ein: Legen Sie Ihr Passwort fest",
    heading: "Willkommen, {{firstName}} {{lastName}}",
    intro:
      "Die Administration von {{organisation}} lädt Sie ein. Legen Sie ein eigenes Passwort fest, und Sie sind dabei.",
    button: "Passwort festlegen",
    closing:
      "Der Link ist nur für Sie und funktioniert einmal, bis {{validUntil}}. Ihn zu öffnen, ändert nichts: Erst mit dem Festlegen eines Passworts ist er verbraucht.",
  },
  es: {
    subject: "{{organisation}} le invita: establezca su contraseña",
    heading: "Le damos la bienvenida, {{firstName}}",
    intro:
      "La administración de {{organisation}} le invita. Establezca una contraseña propia y ya podrá entrar.",
    button: "Establecer la contraseña",
    closing:
      "El enlace es solo para usted y funciona una vez, hasta el {{validUntil}}. Abrirlo no cambia nada: solo se gasta al establecer una contraseña.",
  },
};
