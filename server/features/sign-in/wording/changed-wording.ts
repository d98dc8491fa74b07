import type { Wordings } from "../../mail/kinds.ts";

export const changedWording: Wordings = {
  en: {
    subject: "Your password for {{organisation}} was changed",
    heading: "Hello, {{firstName}}",
    intro: `The password for {{email}} at {{organisation}} was changed. If it was you, there is nothing to do.

If it was not you, tell an administrator of {{organisation}} at once, set a new password here, and remove passkeys that are not yours on My page, under Security:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Ihr Passwort für {{organisation}} wurde geändert",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Das Passwort für {{email}} bei {{organisation}} wurde geändert. Wenn Sie das waren, müssen Sie nichts tun.

Wenn Sie das nicht waren, benachrichtigen Sie sofort die Administration von {{organisation}}, legen Sie hier ein neues Passwort fest, und entfernen Sie auf „My page“ unter „Security“ Passkeys, die nicht Ihnen gehören:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Se ha cambiado su contraseña de {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Se ha cambiado la contraseña de {{email}} en {{organisation}}. Si ha sido usted, no tiene que hacer nada.

Si no ha sido usted, avise enseguida a la administración de {{organisation}}, establezca aquí una contraseña nueva y elimine en «My page», en «Security», las claves de acceso que no sean suyas:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
