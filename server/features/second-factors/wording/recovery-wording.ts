import type { Wordings } from "../../mail/kinds.ts";

export const recoveryWording: Wordings = {
  en: {
    subject: "A recovery code for {{organisation}} was used",
    heading: "Hello, {{firstName}}",
    intro: `Somebody gave your password at {{organisation}} as {{email}}, and one of your recovery codes, which works no more: to sign in, or to change something under Security. If it was you, there is nothing to do.

If it was not you, tell an administrator of {{organisation}} at once, and set a new password here:`,
    button: "Go to the sign-in page",
    closing:
      "Your own page says how many recovery codes are left, under Security. You can have new ones made there.",
  },
  de: {
    subject: "Ein Wiederherstellungscode für {{organisation}} wurde benutzt",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Jemand hat bei {{organisation}} als {{email}} Ihr Passwort und einen Ihrer Wiederherstellungscodes eingegeben, der damit verbraucht ist: um sich anzumelden oder um etwas unter „Security“ zu ändern. Wenn Sie das waren, müssen Sie nichts tun.

Wenn Sie das nicht waren, benachrichtigen Sie sofort die Administration von {{organisation}}, und legen Sie hier ein neues Passwort fest:`,
    button: "Zur Anmeldeseite",
    closing:
      "Auf Ihrer eigenen Seite steht unter „Security“, wie viele Codes übrig sind. Dort können Sie neue erzeugen lassen.",
  },
  es: {
    subject: "Se ha usado un código de recuperación de {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Alguien ha introducido en {{organisation}} como {{email}} su contraseña y uno de sus códigos de recuperación, que ya no funciona: para iniciar sesión o para cambiar algo en «Security». Si ha sido usted, no tiene que hacer nada.

Si no ha sido usted, avise enseguida a la administración de {{organisation}} y establezca aquí una contraseña nueva:`,
    button: "Ir a la página de acceso",
    closing:
      "En su propia página, en «Security», se ve cuántos códigos quedan. Allí puede pedir otros nuevos.",
  },
};
