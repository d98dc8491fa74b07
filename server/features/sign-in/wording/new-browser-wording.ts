import type { Wordings } from "../../mail/kinds.ts";

export const newBrowserWording: Wordings = {
  en: {
    subject: "A new sign-in to {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro:
      "Somebody signed in to {{organisation}} as {{email}} with a browser that was not used for it before. If it was you, there is nothing to do.",
    button: "Go to the sign-in page",
    closing:
      "If it was not you, set a new password at once: that ends every session. Then tell an administrator of {{organisation}}.",
  },
  de: {
    subject: "Neue Anmeldung bei {{organisation}}",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "Jemand hat sich als {{email}} bei {{organisation}} angemeldet, mit einem Browser, der dafür bisher nicht verwendet wurde. Wenn Sie das waren, müssen Sie nichts tun.",
    button: "Zur Anmeldeseite",
    closing:
      "Wenn Sie das nicht waren, legen Sie sofort ein neues Passwort fest: Damit enden alle Sitzungen. Benachrichtigen Sie danach die Administration von {{organisation}}.",
  },
  es: {
    subject: "Nuevo inicio de sesión en {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro:
      "Alguien ha iniciado sesión en {{organisation}} como {{email}} con un navegador que no se había usado antes. Si ha sido usted, no tiene que hacer nada.",
    button: "Ir a la página de acceso",
    closing:
      "Si no ha sido usted, establezca enseguida una contraseña nueva: así terminan todas las sesiones. Después avise a la administración de {{organisation}}.",
  },
};
