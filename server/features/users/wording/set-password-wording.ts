import type { Wordings } from "../../mail/kinds.ts";
import { invitedWording } from "./invited-wording.ts";

export const setPasswordWording: Wordings = {
  en: {
    subject: "Set your password for {{organisation}}",
    heading: "Hello, {{firstName}}",
    intro: "An administrator of {{organisation}} sends you this link, with which you set a new password.",
    button: invitedWording.en.button,
    closing: invitedWording.en.closing,
  },
  de: {
    subject: "Legen Sie Ihr Passwort für {{organisation}} fest",
    heading: "Guten Tag, {{firstName}} {{lastName}}",
    intro:
      "Die Administration von {{organisation}} sendet Ihnen diesen Link, mit dem Sie ein neues Passwort festlegen.",
    button: invitedWording.de.button,
    closing: invitedWording.de.closing,
  },
  es: {
    subject: "Establezca su contraseña para {{organisation}}",
    heading: "Hola, {{firstName}}",
    intro:
      "La administración de {{organisation}} le envía este enlace, con el que establece una contraseña nueva.",
    button: invitedWording.es.button,
    closing: invitedWording.es.closing,
  },
};
