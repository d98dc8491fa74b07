import type { Wordings } from "../../mail/kinds.ts";

export const createdWording: Wordings = {
  en: {
    subject: "Your sign-in details for {{organisation}}",
    heading: "Welcome, {{firstName}}",
    intro: "An administrator of {{organisation}} created a user for you. This is what you sign in with:",
    button: "Sign in",
    closing: `The password is for your first sign-in, when you choose one of your own. It works until {{validUntil}}.

Keep this email to yourself: whoever has it can sign in as you.`,
  },
  de: {
    subject: "Ihre Anmeldedaten für {{organisation}}",
    heading: "Willkommen, {{firstName}} {{lastName}}",
    intro:
      "Die Administration von {{organisation}} hat ein Benutzerkonto für Sie angelegt. Damit melden Sie sich an:",
    button: "Anmelden",
    closing: `Das Passwort gilt für Ihre erste Anmeldung, bei der Sie ein eigenes wählen. Es funktioniert bis {{validUntil}}.

Geben Sie diese E-Mail nicht weiter: Wer sie hat, kann sich in Ihrem Namen anmelden.`,
  },
  es: {
    subject: "Sus datos de acceso a {{organisation}}",
    heading: "Le damos la bienvenida, {{firstName}}",
    intro:
      "La administración de {{organisation}} ha creado una cuenta para usted. Estos son los datos con los que inicia sesión:",
    button: "Iniciar sesión",
    closing: `La contraseña es para su primer inicio de sesión, en el que elegirá una propia. Funciona hasta el {{validUntil}}.

No comparta este correo: quien lo tenga puede iniciar sesión en su nombre.`,
  },
};
