import type { Wordings } from "../../mail/kinds.ts";

export const reminderWording: Wordings = {
  en: {
    subject: "Reminder: {{organisation}} invites you",
    heading: "Hello, {{firstName}}",
    intro:
      "{{organisation}} has invited you, and you have not set your password yet. It takes a minute, and you are in.",
    button: "Set your password",
    closing: `The link is the one of your invitation. It is yours alone and works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.

If you do not expect an invitation from {{organisation}}, there is nothing to do.`,
  },
  de: {
    subject: "Erinnerung: {{organisation}} lädt Sie ein",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "{{organisation}} hat Sie eingeladen, und Sie haben noch kein Passwort festgelegt. Es dauert nur eine Minute, und Sie sind dabei.",
    button: "Passwort festlegen",
    closing: `Der Link ist der aus Ihrer Einladung. Er ist nur für Sie und funktioniert einmal, bis {{validUntil}}. Ihn zu öffnen, ändert nichts: Erst mit dem Festlegen eines Passworts ist er verbraucht.

Wenn Sie keine Einladung von {{organisation}} erwarten, müssen Sie nichts tun.`,
  },
  es: {
    subject: "Recordatorio: {{organisation}} le invita",
    heading: "Hola, {{firstName}}",
    intro:
      "{{organisation}} le ha invitado y usted todavía no ha establecido su contraseña. Se tarda un minuto y ya podrá entrar.",
    button: "Establecer la contraseña",
    closing: `El enlace es el de su invitación. Es solo para usted y funciona una vez, hasta el {{validUntil}}. Abrirlo no cambia nada: solo se gasta al establecer una contraseña.

Si no espera ninguna invitación de {{organisation}}, no tiene que hacer nada.`,
  },
};
