import type { Wordings } from "../../mail/kinds.ts";

export const lockedWording: Wordings = {
  en: {
    subject: "Too many wrong codes for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: `Somebody gave your right password at {{organisation}} as {{email}}, and then ten times no right second factor. Nobody gets past this step for a quarter of an hour. If it was you, wait and try again.

If it was not you, somebody knows your password. They have not got in. Set a new one here, with “Forgotten your password?”:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Zu viele falsche Codes für {{organisation}}",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Jemand hat bei {{organisation}} als {{email}} Ihr richtiges Passwort eingegeben und danach zehnmal keinen richtigen zweiten Faktor. Eine Viertelstunde lang kommt niemand über diesen Schritt hinaus. Wenn Sie das waren, warten Sie und versuchen Sie es dann noch einmal.

Wenn Sie das nicht waren, kennt jemand Ihr Passwort. Hereingekommen ist niemand. Legen Sie hier ein neues fest, mit „Forgotten your password?“:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Demasiados códigos incorrectos en {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Alguien ha introducido su contraseña correcta en {{organisation}} como {{email}} y después, diez veces, ningún segundo factor correcto. Durante un cuarto de hora nadie puede pasar de ese paso. Si ha sido usted, espere y vuelva a intentarlo.

Si no ha sido usted, alguien conoce su contraseña. No ha llegado a entrar. Establezca aquí otra nueva, con «Forgotten your password?»:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
