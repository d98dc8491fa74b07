import { foldText } from "../../../users/person-name.ts";
import type { BlockedReading } from "../types.ts";

type Blocked = "active" | "suspended" | "deleted" | "unknown";

const set = (words: string) => new Set(words.split(" "));
const yes = set("yes y true t 1 x ja j wahr oui o vrai si s sim verdadero vero verdadeiro tak prawda on");
const no = set("no n false f 0 nein falsch non faux nao falso nee onwaar nie falsz off -");
const active = set(
  "active enabled aktiv actif activo ativo attivo actief aktywny invited pending provisioned staged ok",
);
const suspended = set(
  "suspended inactive disabled blocked deactivated locked archived gesperrt inaktiv deaktiviert suspendu inactif " +
    "suspendido inactivo suspenso inativo sospeso inattivo geblokkeerd inactief zablokowany nieaktywny",
);
const deleted = set(
  "deleted removed deprovisioned terminated geloscht supprime eliminado excluido eliminato verwijderd",
);

const longestWord = 40;

/** Whether a cell says that somebody must not get in. An empty cell says nothing, and that means they may. */
export function readBlocked(cell: string, reads: BlockedReading): Blocked {
  const said = cell.trim();
  // No word is as long, and folding takes time that grows with the square of the length.
  if (said.length > longestWord) return "unknown";
  const word = foldText(said);
  if (word === "") return "active";
  if (reads === "status") return readStatus(word);
  const answer = yes.has(word) ? true : no.has(word) ? false : undefined;
  if (answer === undefined) return readStatus(word);
  if (reads === "deleted") return answer ? "deleted" : "active";
  return answer === (reads === "blocked") ? "suspended" : "active";
}

function readStatus(word: string): Blocked {
  if (active.has(word)) return "active";
  if (suspended.has(word)) return "suspended";
  return deleted.has(word) ? "deleted" : "unknown";
}
