import type { Import } from "#server/features/imports/contract.ts";
import { count } from "../ui/words.ts";

type Plan = Pick<Import, "emails" | "mail">;

/** By the clock they were told by, whatever that of this computer shows. */
export const timeInWords = ({ at, timeZone }: Extract<Import["mail"], { when: "schedule" }>) =>
  `${new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone })}, ${timeZone}`;

const timeOf = ({ mail }: Plan) => (mail.when === "schedule" ? timeInWords(mail) : "");

/** What happens to the emails of an import as it is planned; `kept`: there is no mail server by which they could go out. */
export function mailWill(plan: Plan, kept: boolean): string {
  const { emails, mail } = plan;
  const one = emails === 1;
  const what = count(emails, "email");
  if (mail.when === "hold")
    return `${what} ${one ? "is" : "are"} written and held until you release ${one ? "it" : "them"}`;
  const goes = kept ? `${one ? "is" : "are"} put into the built-in mailbox` : `${one ? "goes" : "go"} out`;
  const time = timeOf(plan);
  return time ? `${what} ${goes} on ${time}` : `${what} ${goes}`;
}

/** The same beside Import CSV, in few words: "5 emails held". */
export function mailInShort(plan: Plan, kept: boolean): string {
  if (plan.emails === 0) return "";
  const what = count(plan.emails, "email");
  if (plan.mail.when === "hold") return `${what} held`;
  const time = timeOf(plan);
  if (time) return `${what} on ${time}`;
  return kept ? `${what} to the built-in mailbox` : `${what} at once`;
}
