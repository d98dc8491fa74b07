import type { Context } from "#server/context.ts";
import { addMessages } from "../mail/add-messages.ts";
import type { MessageKind } from "../mail/kinds.ts";
import { ActionButton, Facts } from "../mail/rendering/layout.ts";
import { readSettings } from "../tenants/settings.ts";
import { contentsOf } from "../users/message-contents.ts";
import { type Counts, type ImportRecord, listFiles, readImports } from "./store.ts";
import { finishedWording } from "./wording/finished-wording.ts";
import { resultWords } from "./wording/result-words.ts";

/** Whoever started an import that took longer has probably not waited for it. */
const longMs = 60_000;

/** An email to whoever started an import that is finished now, where the tenant wants one. */
export async function tellWhoImported(ctx: Context, { id, started_by, started_at }: ImportRecord) {
  const { importNotice } = await readSettings(ctx);
  const took = ctx.now.getTime() - (started_at ?? ctx.now).getTime();
  if (!started_by || importNotice === "never" || (importNotice === "long" && took < longMs)) return;
  await addMessages(ctx, [{ userId: started_by, kind: finished.kind, about: id }]);
}

const finished: MessageKind = {
  kind: "import.finished",
  wordings: finishedWording,
  placeholders: ["fileName"],
  core: ({ language, button }) => [
    Facts(
      [resultWords[language].file, "{{fileName}}"],
      [resultWords[language].made, "{{made}}"],
      [resultWords[language].changed, "{{changed}}"],
      [resultWords[language].unchanged, "{{unchanged}}"],
      [resultWords[language].leftOut, "{{leftOut}}"],
    ),
    ActionButton({ language, label: button, address: "{{reportAddress}}" }),
  ],
  samples: { made: "214", changed: "12", unchanged: "380", leftOut: "2", reportAddress: "…" },
  secrets: [],
  contents: async (ctx, messages) => {
    const ids = messages.flatMap(({ about }) => about ?? []);
    const found = new Map((await readImports(ctx, ids)).map((one) => [one.id, one]));
    const files = Map.groupBy(await listFiles(ctx, ids), (file) => file.import_id);
    return contentsOf(ctx, messages, (_userId, _recipient, { about }) => {
      const one = about ? found.get(about) : undefined;
      if (!one) return { withdraw: "There is no such import any more." };
      const names = (files.get(one.id) ?? []).map((file) => file.name);
      const { config } = ctx.instance;
      return {
        fileName: names.join(", ") || "…",
        reportAddress: `${config.publicUrl}/t/${ctx.tenantSlug}/imports/${one.id}`,
        ...numbersOf(one.counts),
      };
    });
  },
};

/** Every row is in one of them. */
function numbersOf({ rows = 0, ...counts }: Counts) {
  const sum = (...outcomes: string[]) =>
    outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
  const made = sum("created", "invited", "suspended");
  const [changed, unchanged] = [sum("updated"), sum("unchanged", "existing")];
  const numbers = { made, changed, unchanged, leftOut: rows - made - changed - unchanged };
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]));
}

/** The emails about imports. */
export const importMessages: readonly MessageKind[] = [finished];
