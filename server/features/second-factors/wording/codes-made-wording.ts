import type { Wordings } from "../../mail/kinds.ts";

export const codesMadeWording: Wordings = {
  en: {
    subject: "New recovery codes for {{organisation}} were made",
    heading: "Hello, {{firstName}}",
    intro: `New recovery codes were made for {{email}} at {{organisation}}. Those made before work no more. If it was you, there is nothing to do.

If it was not you, somebody else is signed in as you, and can come back with these codes. Tell an administrator of {{organisation}} at once, and set a new password here:`,
    button: "Go to the sign-in page",
    closing: "",
  },
  de: {
    subject: "Neue Wiederherstellungscodes für {{organisation}} wurden erzeugt",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro: `Für {{email}} wurden bei {{organisation}} neue Wiederherstellungscodes erzeugt. Die bisherigen gelten nicht mehr. Wenn Sie das waren, müssen Sie nichts tun.

Wenn Sie das nicht waren, ist jemand anderes unter Ihrem Namen angemeldet und kann mit diesen Codes wiederkommen. Benachrichtigen Sie sofort die Administration von {{organisation}}, und legen Sie hier ein neues Passwort fest:`,
    button: "Zur Anmeldeseite",
    closing: "",
  },
  es: {
    subject: "Se han creado nuevos códigos de recuperación de {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro: `Se han creado nuevos códigos de recuperación para {{email}} en {{organisation}}. Los anteriores ya no funcionan. Si ha sido usted, no tiene que hacer nada.

Si no ha sido usted, otra persona ha iniciado sesión en su nombre y puede volver con esos códigos. Avise enseguida a la administración de {{organisation}} y establezca aquí una contraseña nueva:`,
    button: "Ir a la página de acceso",
    closing: "",
  },
};
