import type { Wordings } from "../../mail/kinds.ts";

export const wrongCodesWording: Wordings = {
  en: {
    subject: "Wrong codes for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: `Somebody gave your right password at {{organisation}} as {{email}}, and then three wrong codes of your authenticator app. If it was you, there is nothing to do; if your codes never fit, check that the clock of your phone sets itself.

If it was not you, somebody knows your password and is guessing at your codes. They have not got in. Set a new password here, with “Forgotten your password?”:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Falsche Codes für {{organisation}}",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Jemand hat bei {{organisation}} als {{email}} Ihr richtiges Passwort eingegeben und danach drei falsche Codes Ihrer Authenticator-App. Wenn Sie das waren, müssen Sie nichts tun; wenn Ihre Codes nie stimmen, prüfen Sie, ob sich die Uhr Ihres Telefons selbst stellt.

Wenn Sie das nicht waren, kennt jemand Ihr Passwort und rät Ihre Codes. Hereingekommen ist niemand. Legen Sie hier ein neues Passwort fest, mit „Forgotten your password?“:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Códigos incorrectos en {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Alguien ha introducido su contraseña correcta en {{organisation}} como {{email}} y después tres códigos incorrectos de su aplicación de autenticación. Si ha sido usted, no tiene que hacer nada; si sus códigos nunca son correctos, compruebe que el reloj de su teléfono se ajusta solo.

Si no ha sido usted, alguien conoce su contraseña e intenta adivinar sus códigos. No ha llegado a entrar. Establezca aquí una contraseña nueva, con «Forgotten your password?»:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
