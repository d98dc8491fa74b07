import type { Wordings } from "../../mail/kinds.ts";

export const removedWording: Wordings = {
  en: {
    subject: "A second factor for {{organisation}} was removed",
    heading: "Hello, {{firstName}}",
    intro: `An authenticator app or a passkey that signing in to {{organisation}} as {{email}} asked for was removed, by you or by an administrator. If you know of it, there is nothing to do.

If you do not, tell an administrator of {{organisation}} at once, and set a new password here:`,
    button: "Go to the sign-in page",
    closing: "You can set up another one on your own page, under Security.",
  },
  de: {
    subject: "Ein zweiter Faktor für {{organisation}} wurde entfernt",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Eine Authenticator-App oder ein Passkey, nach dem die Anmeldung bei {{organisation}} als {{email}} gefragt hat, wurde entfernt, von Ihnen oder von der Administration. Wenn Sie davon wissen, müssen Sie nichts tun.

Wenn nicht, benachrichtigen Sie sofort die Administration von {{organisation}}, und legen Sie hier ein neues Passwort fest:`,
    button: "Zur Anmeldeseite",
    closing: "Auf Ihrer eigenen Seite können Sie unter „Security“ einen anderen einrichten.",
  },
  es: {
    subject: "Se ha eliminado un segundo factor para {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Se ha eliminado una aplicación de autenticación o una clave de acceso que se pedía para iniciar sesión en {{organisation}} como {{email}}. Lo ha hecho usted o la administración. Si lo sabe, no tiene que hacer nada.

Si no lo sabe, avise enseguida a la administración de {{organisation}} y establezca aquí una contraseña nueva:`,
    button: "Ir a la página de acceso",
    closing: "Puede configurar otro en su propia página, en «Security».",
  },
};
