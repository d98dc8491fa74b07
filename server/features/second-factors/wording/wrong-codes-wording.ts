import type { Wordings } from "../../mail/kinds.ts";

export const wrongCodesWording: Wordings = {
  en: {
    subject: "Wrong codes for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: `At {{organisation}} somebody gave your right password as {{email}}, or opened a link that was sent to you, and then three wrong codes of your authenticator app. If it was you, there is nothing to do; if your codes never fit, check that the clock of your phone sets itself.

If it was not you, somebody knows your password or reads your email, and is guessing at your codes. They have not got in. Tell an administrator of {{organisation}}, secure your mailbox, and then set a new password here, with “Forgotten your password?”:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Falsche Codes für {{organisation}}",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Jemand hat bei {{organisation}} als {{email}} Ihr richtiges Passwort eingegeben oder einen Link geöffnet, der an Sie ging, und danach drei falsche Codes Ihrer Authenticator-App. Wenn Sie das waren, müssen Sie nichts tun; wenn Ihre Codes nie stimmen, prüfen Sie, ob sich die Uhr Ihres Telefons selbst stellt.

Wenn Sie das nicht waren, kennt jemand Ihr Passwort oder liest Ihre E-Mails und rät Ihre Codes. Hereingekommen ist niemand. Benachrichtigen Sie die Administration von {{organisation}}, sichern Sie Ihr Postfach, und legen Sie dann hier ein neues Passwort fest, mit „Forgotten your password?“:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Códigos incorrectos en {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Alguien ha introducido su contraseña correcta en {{organisation}} como {{email}}, o ha abierto un enlace que se le envió a usted, y después tres códigos incorrectos de su aplicación de autenticación. Si ha sido usted, no tiene que hacer nada; si sus códigos nunca son correctos, compruebe que el reloj de su teléfono se ajusta solo.

Si no ha sido usted, alguien conoce su contraseña o lee su correo e intenta adivinar sus códigos. No ha llegado a entrar. Avise a la administración de {{organisation}}, proteja su buzón y después establezca aquí una contraseña nueva, con «Forgotten your password?»:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
