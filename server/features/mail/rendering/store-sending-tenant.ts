import type { Context } from "#server/context.ts";
import type { TenantStatus } from "../../tenants/store.ts";
import type { WordingRow } from "../wordings/store-wordings.ts";

type SendingTenantRow = {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  settings: Record<string, unknown>;
  logo: string | null;
  wordings: WordingRow[];
};

/** All that its emails show of a tenant, in one statement: it is asked for each few messages. */
export const readSendingTenantRow = ({ tx, tenantId }: Pick<Context, "tx" | "tenantId">) =>
  tx.row<SendingTenantRow>(
    `select t.id, t.slug, t.name, t.status, t.settings,
            (select l.digest from tenant_logos l where l.tenant_id = t.id) as logo,
            (select coalesce(jsonb_agg(to_jsonb(w)), '[]')
               from (select kind, language, words, version from mail_wordings where tenant_id = t.id) w) as wordings
       from tenants t where t.id = $1`,
    [tenantId],
  );
