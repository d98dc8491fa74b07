import type { Context } from "#server/context.ts";
import type { Language } from "../../tenants/tenant-settings.ts";
import type { Wording } from "../shapes.ts";

export type WordingRow = {
  kind: string;
  language: Language;
  words: Record<string, unknown>;
  version: number;
};

/** Of all kinds and languages in which the tenant has ever said something in words of its own. */
export const readWordings = ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">) =>
  tx.rows<WordingRow>("select kind, language, words, version from mail_wordings where tenant_id = $1", [
    tenantId,
  ]);

type Changed = { kind: string; language: Language; words: Partial<Wording>; version: number };

/** Answers whether it was still as of this version; 0: never changed. */
export const writeWording = async (
  { tx, tenantId, now }: Context,
  { kind, language, words, version }: Changed,
): Promise<boolean> =>
  (await tx.run(
    `insert into mail_wordings as kept (tenant_id, kind, language, words, version, updated_at)
     values ($1, $2, $3, $4, 1, $5)
     on conflict (tenant_id, kind, language) do update
       set words = excluded.words, version = kept.version + 1, updated_at = excluded.updated_at
       where kept.version = $6`,
    [tenantId, kind, language, JSON.stringify(words), now, version],
  )) > 0;
