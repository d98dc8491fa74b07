import { masked } from "./render-preview.ts";

/** A mail server that refuses a message for a link in it repeats the link. */
const ofLink = /(\blink(?:#|%23))[^\s<>"'()[\]]+/gi;

/** Words of somebody else's, for people who may read them but not use the personal link that they repeat. */
export const maskLinks = (words: string) => words.replace(ofLink, `$1${masked}`);
