import type { Wordings } from "../../mail/kinds.ts";

export const lockedWording: Wordings = {
  en: {
    subject: "Too many wrong codes for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: `At {{organisation}} somebody gave your right password as {{email}}, or opened a link that was sent to you, and then so many times no right second factor that none of that kind is taken for now: for a quarter of an hour, or, after thirty wrong codes, until you use a passkey or a recovery code or an administrator lifts the lockout. If it was you, wait and try again, or use another.

If it was not you, somebody knows your password or reads your email. They have not got in. Tell an administrator of {{organisation}}, secure your mailbox, and then set a new password here, with “Forgotten your password?”:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Zu viele falsche Codes für {{organisation}}",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Jemand hat bei {{organisation}} als {{email}} Ihr richtiges Passwort eingegeben oder einen Link geöffnet, der an Sie ging, und danach so oft keinen richtigen zweiten Faktor, dass vorerst keiner dieser Art mehr angenommen wird: eine Viertelstunde lang oder, nach dreißig falschen Codes, bis Sie einen Passkey oder einen Wiederherstellungscode benutzen oder die Administration die Sperre aufhebt. Wenn Sie das waren, warten Sie und versuchen Sie es noch einmal, oder nehmen Sie einen anderen.

Wenn Sie das nicht waren, kennt jemand Ihr Passwort oder liest Ihre E-Mails. Hereingekommen ist niemand. Benachrichtigen Sie die Administration von {{organisation}}, sichern Sie Ihr Postfach, und legen Sie dann hier ein neues Passwort fest, mit „Forgotten your password?“:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Demasiados códigos incorrectos en {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Alguien ha introducido su contraseña correcta en {{organisation}} como {{email}}, o ha abierto un enlace que se le envió a usted, y después, tantas veces, ningún segundo factor correcto que por ahora no se acepta ninguno de ese tipo: durante un cuarto de hora o, tras treinta códigos incorrectos, hasta que usted use una clave de acceso o un código de recuperación o la administración levante el bloqueo. Si ha sido usted, espere y vuelva a intentarlo, o use otro.

Si no ha sido usted, alguien conoce su contraseña o lee su correo. No ha llegado a entrar. Avise a la administración de {{organisation}}, proteja su buzón y después establezca aquí una contraseña nueva, con «Forgotten your password?»:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
