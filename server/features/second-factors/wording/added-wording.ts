import type { Wordings } from "../../mail/kinds.ts";

export const addedWording: Wordings = {
  en: {
    subject: "A second factor for {{organisation}} was added",
    heading: "Hello, {{firstName}}",
    intro: `Signing in to {{organisation}} as {{email}} now asks for more than the password: an authenticator app or a passkey was added. A passkey also lets its holder in without the password. If it was you, there is nothing to do.

If it was not you, somebody else is signed in as you. Tell an administrator of {{organisation}} at once. Then sign in here, remove on My page under Security what is not yours, and set a new password, which by itself keeps no passkey out:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Ein zweiter Faktor für {{organisation}} wurde hinzugefügt",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Die Anmeldung bei {{organisation}} als {{email}} verlangt jetzt mehr als das Passwort: Eine Authenticator-App oder ein Passkey wurde hinzugefügt. Ein Passkey lässt auch ohne das Passwort herein. Wenn Sie das waren, müssen Sie nichts tun.

Wenn Sie das nicht waren, ist jemand anderes unter Ihrem Namen angemeldet. Benachrichtigen Sie sofort die Administration von {{organisation}}. Melden Sie sich dann hier an, entfernen Sie auf „My page“ unter „Security“, was nicht Ihnen gehört, und legen Sie ein neues Passwort fest, das allein keinen Passkey fernhält:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Se ha añadido un segundo factor para {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Para iniciar sesión en {{organisation}} como {{email}} ahora hace falta algo más que la contraseña: se ha añadido una aplicación de autenticación o una clave de acceso. Una clave de acceso también permite entrar sin la contraseña. Si ha sido usted, no tiene que hacer nada.

Si no ha sido usted, otra persona ha iniciado sesión en su nombre. Avise enseguida a la administración de {{organisation}}. Después inicie sesión aquí, elimine en «My page», en «Security», lo que no sea suyo, y establezca una contraseña nueva, que por sí sola no impide el paso a ninguna clave de acceso:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
