import type { Context } from "#server/context.ts";
import type { TenantStatus } from "../../tenants/store.ts";
import { editionAt } from "../../tenants/store-letter-changes.ts";
import type { WordingRow } from "../wordings/store-wordings.ts";

type SendingTenantRow = {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  settings: Record<string, unknown>;
  logo: string | null;
  wordings: WordingRow[];
  edition: number;
};

/** All that its emails show of a tenant, in one statement: it is asked for each few messages. */
export const readSendingTenantRow = ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">) =>
  tx.row<SendingTenantRow>(
    `select t.id, t.slug, t.name, t.status, t.settings,
            (select l.digest from tenant_logos l where l.tenant_id = t.id) as logo,
            (select coalesce(jsonb_agg(to_jsonb(w)), '[]')
               from (select kind, language, words, version from mail_wordings where tenant_id = t.id) w) as wordings,
            coalesce((select max(c.no) from letter_changes c where c.tenant_id = t.id), 0) as edition
       from tenants t where t.id = $1`,
    [tenantId],
  );

/** Of which edition a message is that was finished at a moment: as it was noted for it, else as of then. */
export const readEdition = async (
  { tx, tenantId }: Pick<Context, "tx" | "tenantId">,
  message: { id: string; finishedAt: Date },
) =>
  (
    await tx.row<{ edition: number }>(
      `select coalesce((select e.edition from message_editions e where e.tenant_id = $1 and e.message_id = $2),
                       ${editionAt("$3")}) as edition`,
      [tenantId, message.id, message.finishedAt],
    )
  )?.edition ?? 0;
