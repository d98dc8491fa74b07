import type { UndoPlan } from "#server/features/imports/contract.ts";
import { count, number, people } from "../ui/words.ts";

/** What undoing an import would do, in sentences. */
export function undoEffects({
  erase,
  emailed,
  restore,
  withdraw,
  removeGroups,
  reactivate,
  welcomes,
  keptLeavers,
}: UndoPlan): string[] {
  const lines = [
    ...(erase > 0
      ? [
          `${people(erase)} who ${erase === 1 ? "has" : "have"} not signed in ${erase === 1 ? "is" : "are"} erased; the ${erase === 1 ? "address is" : "addresses are"} free again.`,
        ]
      : []),
    ...(emailed > 0
      ? [
          `${emailed === erase ? (erase === 1 ? "They have" : "All of them have") : `${number(emailed)} of them ${emailed === 1 ? "has" : "have"}`} been sent their email. Links and passwords in emails they have got do not work any more.`,
        ]
      : []),
    ...(restore > 0
      ? [`${people(restore)} ${restore === 1 ? "gets" : "get"} the old name, language and groups back.`]
      : []),
    ...(withdraw > 0
      ? [`${count(withdraw, "email")} not sent yet ${withdraw === 1 ? "is" : "are"} withdrawn.`]
      : []),
    ...(removeGroups > 0
      ? [
          `${count(removeGroups, "group")} made by it and then empty ${removeGroups === 1 ? "is" : "are"} deleted.`,
        ]
      : []),
    ...(reactivate > 0
      ? [`${people(reactivate)} suspended as missing ${reactivate === 1 ? "is" : "are"} let in again.`]
      : []),
    ...(welcomes.atOnce > 0
      ? [
          `${people(welcomes.atOnce)} of them never got ${welcomes.atOnce === 1 ? "a" : "their"} first email, and ${welcomes.atOnce === 1 ? "gets" : "get"} it at once.`,
        ]
      : []),
    ...(welcomes.waiting > 0
      ? [
          `${count(welcomes.waiting, "first email")} to them ${welcomes.waiting === 1 ? "waits" : "wait"} again, held or until ${welcomes.waiting === 1 ? "its" : "their"} time.`,
        ]
      : []),
    ...(keptLeavers > 0
      ? [
          `${people(keptLeavers)} an earlier import was to suspend, found again in this file, ${keptLeavers === 1 ? "stays" : "stay"}.`,
        ]
      : []),
  ];
  return lines.length > 0 ? lines : ["There is nothing left that could be undone."];
}
