import type { Wordings } from "../../mail/kinds.ts";

export const resetWording: Wordings = {
  en: {
    subject: "Set a new password for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: "Somebody, most likely you, asked for a new password for {{email}} at {{organisation}}.",
    button: "Set a new password",
    closing: `The link works once, until {{validUntil}}. Opening it changes nothing: only setting a password uses it up.

If it was not you, there is nothing to do: your password stays as it is.`,
  },
  de: {
    subject: "Legen Sie ein neues Passwort für {{organisation}} fest",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "Jemand, höchstwahrscheinlich Sie selbst, hat ein neues Passwort für {{email}} bei {{organisation}} angefordert.",
    button: "Neues Passwort festlegen",
    closing: `Der Link funktioniert einmal, bis {{validUntil}}. Ihn zu öffnen, ändert nichts: Erst mit dem Festlegen eines Passworts ist er verbraucht.

Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.`,
  },
  es: {
    subject: "Establezca una contraseña nueva para {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: "Alguien, probablemente usted, ha pedido una contraseña nueva para {{email}} en {{organisation}}.",
    button: "Establecer una contraseña nueva",
    closing: `El enlace funciona una vez, hasta el {{validUntil}}. Abrirlo no cambia nada: solo se gasta al establecer una contraseña.

Si no ha sido usted, no tiene que hacer nada: su contraseña sigue siendo la misma.`,
  },
};
