import { count } from "../ui/words.ts";

type Unreached = {
  failed: number;
  /** Those that there was no mail server for. */
  unsent: number;
};

/** What writing to whoever was not reached is called: what failed goes again, what was never sent for the first time. */
export function sendingAgain({ failed, unsent }: Unreached) {
  const parts = [
    ...(failed > 0 ? [`${count(failed, "email")} did not arrive`] : []),
    ...(unsent > 0
      ? [`${count(unsent, "email was", "emails were")} never sent, as there was no mail server`]
      : []),
  ];
  const words = failed > 0 && unsent > 0 ? both : unsent > 0 ? first : again;
  return {
    ...words,
    said: `${parts.join(", and ")}. Whoever has not been reached since is written to${unsent > 0 ? "" : " again"}: a new invitation, or a link to set a password.`,
  };
}

const again = { button: "Send the failed again", title: "Write to them again?", verb: "Send again" };
const first = { button: "Send the unsent now", title: "Write to them now?", verb: "Send" };
const both = { button: "Send the failed and the unsent", title: "Write to them now?", verb: "Send" };
