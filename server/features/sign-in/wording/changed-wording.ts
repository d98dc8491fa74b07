import type { Wordings } from "../../mail/kinds.ts";

export const changedWording: Wordings = {
  en: {
    subject: "Your password for {{organisation}} was changed",
    heading: "Hello, {{firstName}}",
    intro: `The password for {{email}} at {{organisation}} was changed. If it was you, there is nothing to do.

If it was not you, tell an administrator of {{organisation}} at once, and set a new password here:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Ihr Passwort für {{organisation}} wurde geändert",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Das Passwort für {{email}} bei {{organisation}} wurde geändert. Wenn Sie das waren, müssen Sie nichts tun.

Wenn Sie das nicht waren, benachrichtigen Sie sofort die Administration von {{organisation}}, und legen Sie hier ein neues Passwort fest:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Se ha cambiado su contraseña de {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Se ha cambiado la contraseña de {{email}} en {{organisation}}. Si ha sido usted, no tiene que hacer nada.

Si no ha sido usted, avise enseguida a la administración de {{organisation}} y establezca aquí una contraseña nueva:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
