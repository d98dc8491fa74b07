import type { Language } from "../../tenants/tenant-settings.ts";

type CredentialWords = {
  signInAddress: string;
  email: string;
  password: string;
  /** After a button with which somebody sets a password of their own. */
  fromThenOn: string;
};

/** What the things somebody signs in with are called in an email. */
export const credentialWords: Readonly<Record<Language, CredentialWords>> = {
  en: {
    signInAddress: "Sign-in address",
    email: "Email address",
    password: "Temporary password",
    fromThenOn: "From then on you sign in with that password and:",
  },
  de: {
    signInAddress: "Anmeldeadresse",
    email: "E-Mail-Adresse",
    password: "Vorläufiges Passwort",
    fromThenOn: "Danach melden Sie sich mit diesem Passwort an und mit:",
  },
  es: {
    signInAddress: "Dirección de acceso",
    email: "Correo electrónico",
    password: "Contraseña provisional",
    fromThenOn: "A partir de entonces inicia sesión con esa contraseña y:",
  },
};
