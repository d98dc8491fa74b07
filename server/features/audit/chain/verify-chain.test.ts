import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { instanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { chainUp, findings, recordSome, verify } from "#tests/support/audit.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { record } from "../record.ts";
import { type EventRow, eventColumns } from "../store.ts";
import { linkHash } from "./link-hash.ts";
import { readHead } from "./read-head.ts";
import { type ExportedHead, verifyChain } from "./verify-chain.ts";

/** Whatever somebody may do who has the database, superuser and all, but not the instance key. */
type LinkedEvent = EventRow & { place: number; old_hash: Buffer };

let installation: TestInstallation;
let tenant: TestTenant;
let head: ExportedHead;

beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation.close());

beforeEach(async () => {
  tenant = await testTenant(installation);
  await recordSome(tenant, 8);
  await chainUp(installation, tenant);
  head = await exportHead();
});

const exportHead = async () => {
  const { database, instance } = installation;
  const found = await database.asSystem("export", (tx) =>
    readHead(tx, tenant.id, instance.secrets.signingKey),
  );
  if (!found) throw new Error("There is no head.");
  return found;
};
const tamper = (sql: string, ...values: unknown[]) =>
  installation.database.query(sql, [tenant.id, ...values]);
/** The id of the event at a position. */
const at = (position: number) =>
  `(select event_id from audit_links where tenant_id = $1 and position = ${position})`;
const found = (exported?: ExportedHead) => findings(installation, tenant, exported ? { exported } : {});

test("a chain that nobody touched fits", async () => {
  const verified = await verify(installation, tenant, { exported: head });
  expect(verified).toEqual({ first: 1, last: 8, events: 8, erased: 0, heads: 2, findings: [] });
});

test("a finding says in words where and what", async () => {
  const [event] =
    await tamper(`update audit_events set action = 'user.deleted' where tenant_id = $1 and id = ${at(4)}
    returning id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`);
  const { id, at: time } = event as { id: string; at: string };
  expect((await verify(installation, tenant)).findings).toEqual([
    {
      kind: "changed",
      position: 4,
      eventId: id,
      at: time,
      message: `At position 4, event ${id}, of ${time}: this event was changed after it was chained, or one before it was taken out and those after it moved up.`,
    },
  ]);
});

describe("a changed event is found, whatever was changed", () => {
  test.each([
    "action = 'user.deleted'",
    "at = at + interval '1 microsecond'",
    "actor_id = null",
    "actor_kind = 'system'",
    "target_id = gen_random_uuid()",
    "target_kind = 'group'",
    "fields = '{role}'",
    `details = '{"a": 1}'`,
    "ip = '203.0.113.9'",
    "user_agent = 'another'",
    "personal_digest = null",
  ])("%s", async (change) => {
    await tamper(`update audit_events set ${change} where tenant_id = $1 and id = ${at(5)}`);
    expect(await found()).toContain("changed@5");
  });
});

test("changed values before and after are found, although the event is as it was", async () => {
  await tamper(
    `update audit_personal set content = jsonb_set(content, '{changes,firstName,after}', '"Eve"')
      where tenant_id = $1 and event_id = ${at(2)}`,
  );
  expect(await found()).toEqual(["values_changed@2"]);
});

describe("values before and after that were removed", () => {
  const removed = `delete from audit_personal where tenant_id = $1 and event_id = ${at(2)}`;

  test("are found, as the application's role could do it too", async () => {
    await tamper(removed);
    expect(await found()).toEqual(["values_removed@2"]);
  });

  test("are found of what is no person", async () => {
    await tenant.run((ctx) =>
      record(ctx, {
        action: "group.changed",
        target: { kind: "group", id: tenant.id },
        changes: { name: { before: "Staff", after: "Stuff" } },
      }),
    );
    await chainUp(installation, tenant);
    await tamper("delete from audit_personal where tenant_id = $1 and target_id = $1");
    expect(await found()).toEqual(["values_removed@9"]);
  });

  test("are as they should be where the person is erased, and only once they are", async () => {
    const { id, email } = await tenant.person("member");
    const shown = await tenant.owner.call<{ version: number }>("GET", `/users/${id}`);
    await tenant.owner.call("PATCH", `/users/${id}`, { version: shown.body.version, lastName: "Gone" });
    await tenant.owner.call("DELETE", `/users/${id}`);
    await chainUp(installation, tenant);
    expect(await found()).toEqual([]);
    expect((await tenant.owner.call("POST", `/users/${id}/erase`, { email })).status).toBe(204);
    await chainUp(installation, tenant);
    expect(await verify(installation, tenant)).toMatchObject({ erased: 2, findings: [] });
  });
});

test("a removed event is found", async () => {
  await tamper(`delete from audit_events where tenant_id = $1 and id = ${at(3)}`);
  expect(await found()).toEqual(["removed@3"]);
});

test("an event removed with its link is found", async () => {
  await tamper(`delete from audit_events where tenant_id = $1 and id = ${at(3)}`);
  await tamper("delete from audit_links where tenant_id = $1 and position = 3");
  expect(await found()).toEqual(["removed@3"]);
});

test("an event removed with its link is found where those after it moved up", async () => {
  await tamper(`delete from audit_events where tenant_id = $1 and id = ${at(3)}`);
  await tamper("delete from audit_links where tenant_id = $1 and position = 3");
  await tamper("update audit_links set position = -position where tenant_id = $1 and position > 3");
  await tamper("update audit_links set position = -position - 1 where tenant_id = $1 and position < 0");
  expect(await found()).toEqual(["changed@3", "tail_cut@8"]);
});

describe("swapped events are found", () => {
  test.each([
    [2, 3],
    [2, 6],
  ])("the events of positions %i and %i", async (a, b) => {
    await tamper(`with pair as (delete from audit_links where tenant_id = $1 and position in (${a}, ${b}) returning *)
      insert into audit_links select p.tenant_id, p.position, q.event_id, p.hash
        from pair p join pair q on p.position <> q.position`);
    expect(await found()).toEqual([`swapped@${a}`, `swapped@${b}`]);
  });

  test.each([
    [2, 3],
    [2, 6],
  ])("the links of positions %i and %i", async (a, b) => {
    await tamper(`with pair as (delete from audit_links where tenant_id = $1 and position in (${a}, ${b}) returning *)
      insert into audit_links select p.tenant_id, q.position, p.event_id, p.hash
        from pair p join pair q on p.position <> q.position`);
    expect(await found()).toEqual([`swapped@${a}`, `swapped@${b}`]);
  });

  test("the contents of two rows", async () => {
    await tamper(`update audit_events e set at = o.at, personal_digest = o.personal_digest, details = o.details
      from audit_events o where e.tenant_id = $1 and o.tenant_id = $1
       and ((e.id = ${at(2)} and o.id = ${at(6)}) or (e.id = ${at(6)} and o.id = ${at(2)}))`);
    expect(await found()).toEqual(expect.arrayContaining(["changed@2", "changed@6"]));
  });
});

test("a changed hash is told from a changed event", async () => {
  await tamper("update audit_links set hash = sha256('x') where tenant_id = $1 and position = 4");
  expect(await found()).toEqual(["link_changed@4"]);
});

test("a tail that was cut is found by the head of the day", async () => {
  await tamper(`delete from audit_events where tenant_id = $1 and id in (${at(7)}, ${at(8)})`);
  await tamper("delete from audit_links where tenant_id = $1 and position > 6");
  expect(await found()).toEqual(["tail_cut@8"]);
});

describe("with every head of the database gone", () => {
  const cut = async () => {
    await tamper(`delete from audit_events where tenant_id = $1 and id in (${at(7)}, ${at(8)})`);
    await tamper("delete from audit_links where tenant_id = $1 and position > 6");
    await tamper("delete from audit_heads where tenant_id = $1");
  };

  test("a tail that was cut is found by an exported head", async () => {
    await cut();
    expect(await found(head)).toEqual(["tail_cut@8", "unsigned@1"]);
  });

  test("also when the chain has grown past it again", async () => {
    await cut();
    await recordSome(tenant, 5);
    await chainUp(installation, tenant);
    expect(await found(head)).toEqual(["rewritten@8", "unsigned@7"]);
  });

  test("a chain made anew from the beginning is found by an exported head", async () => {
    await tamper("delete from audit_heads where tenant_id = $1");
    await tamper("delete from audit_links where tenant_id = $1");
    await tamper("update audit_events set action = 'user.invited' where tenant_id = $1");
    await tamper("insert into audit_pending select tenant_id, id from audit_events where tenant_id = $1");
    await chainUp(installation, tenant);
    expect(await found()).toEqual([]);
    expect(await found(head)).toEqual(["rewritten@8"]);
  });

  test("a chain that is gone altogether is found by an exported head", async () => {
    for (const table of ["audit_heads", "audit_links", "audit_events"])
      await tamper(`delete from ${table} where tenant_id = $1`);
    expect(await found(head)).toEqual(["tail_cut@8"]);
  });
});

describe("a beginning that is gone", () => {
  test("without a mark is found", async () => {
    await tamper(`delete from audit_events where tenant_id = $1 and id in (${at(1)}, ${at(2)})`);
    await tamper("delete from audit_links where tenant_id = $1 and position <= 2");
    expect(await found()).toEqual(["beginning_missing@1"]);
  });

  test("with a mark that only pretends to be one of a retention is found", async () => {
    const [link] = await tamper(
      "select encode(hash, 'hex') as hash from audit_links where tenant_id = $1 and position = 2",
    );
    await tamper(`delete from audit_events where tenant_id = $1 and id in (${at(1)}, ${at(2)})`);
    await tamper("delete from audit_links where tenant_id = $1 and position <= 2");
    const mark = { first: 1, last: 2, hash: (link as { hash: string }).hash, signature: "AAAA" };
    await tamper(
      `insert into audit_events (tenant_id, id, at, action, actor_kind, details)
       values ($1, gen_random_uuid(), now(), 'audit.period_removed', 'system', $2)`,
      mark,
    );
    expect(await found()).toEqual(["beginning_missing@1", "not_chained@"]);
  });
});

describe("hashes made anew from a changed event to the end", () => {
  /** Whoever has the database can do that: a hash needs no key. */
  const rewrite = async (from: number) => {
    await tamper(`update audit_events set action = 'user.invited' where tenant_id = $1 and id = ${at(from)}`);
    const rows = await installation.database.query<LinkedEvent>(
      `select l.position::int as place, l.hash as old_hash, ${eventColumns} from audit_links l
         join audit_events e on e.tenant_id = $1 and e.id = l.event_id
        where l.tenant_id = $1 and l.position >= $2 order by l.position`,
      [tenant.id, from - 1],
    );
    let before = rows[0]?.old_hash ?? Buffer.alloc(0);
    for (const { place, old_hash, ...event } of rows.slice(1)) {
      before = linkHash(before, tenant.id, event);
      await tamper("update audit_links set hash = $3 where tenant_id = $1 and position = $2", place, before);
    }
  };

  test("do not fit the head of the day", async () => {
    await rewrite(5);
    expect(await found()).toEqual(["rewritten@8"]);
  });

  test("are found without any head kept elsewhere, the heads from there on being gone", async () => {
    await rewrite(5);
    await tamper("delete from audit_heads where tenant_id = $1");
    expect(await found()).toEqual(["unsigned@1"]);
  });

  test("are found from the newest head on that is still there", async () => {
    await tamper("update audit_heads set day = day - 1 where tenant_id = $1");
    await recordSome(tenant, 3);
    await chainUp(installation, tenant);
    expect(await found()).toEqual([]);
    await rewrite(10);
    await tamper("delete from audit_heads where tenant_id = $1 and position > 8");
    expect(await found()).toEqual(["unsigned@9"]);
  });

  test.each([
    ["removed", "delete from audit_heads where tenant_id = $1", 0],
    ["left to be written over", "select $1::uuid", 8],
  ])("are not signed by the job as if nothing had been, the heads being %s", async (_, heads, signed) => {
    await rewrite(5);
    await tamper(heads);
    await recordSome(tenant, 3);
    await chainUp(installation, tenant);
    const verified = await verify(installation, tenant);
    expect(verified.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        `it ended at position 8, and the newest head signed here was of position ${signed} `,
      ),
    ]);
    expect(await found()).toEqual(["unsigned@9"]);
    // What says so is in the chain itself, before what came after.
    await tamper("delete from audit_events where tenant_id = $1 and action = 'audit.end_unsigned'");
    expect(await found()).toEqual(["removed@9"]);
  });
});

test("an event that was slipped in is found once it should have been chained", async () => {
  await tamper(
    `insert into audit_events (tenant_id, id, at, action, actor_kind)
     values ($1, gen_random_uuid(), now() - interval '2 hours', 'user.changed', 'system')`,
  );
  expect(await found()).toEqual(["not_chained@"]);
});

test("an event that was removed before it was chained is found", async () => {
  await recordSome(tenant, 1);
  await tamper(
    "delete from audit_events where tenant_id = $1 and id = (select event_id from audit_pending where tenant_id = $1)",
  );
  expect(await found()).toEqual(["removed@"]);
});

describe("heads", () => {
  test("one of which anything was changed does not carry our signature", async () => {
    const changed: ExportedHead[] = [
      { ...head, position: 7 },
      { ...head, hash: "00".repeat(32) },
      { ...head, signedAt: "2020-01-01T00:00:00.000Z" },
      { ...head, signature: head.signature.replace(/^./, (letter) => (letter === "A" ? "B" : "A")) },
    ];
    for (const one of changed) expect(await found(one)).toEqual([`signature_wrong@${one.position}`]);
  });

  test("one of another tenant or of another key is refused", async () => {
    const other = await testTenant(installation);
    expect(await findings(installation, other, { exported: head })).toEqual(["signature_wrong@"]);
    const { signingKey } = instanceSecrets(Buffer.alloc(32, 7));
    const asked = { tenantId: tenant.id, key: signingKey, now: new Date(), exported: head };
    const verified = await installation.database.asSystem("verify", (tx) => verifyChain(tx, asked));
    expect(verified.findings.map(({ message }) => message).join()).toContain("another instance key");
  });

  test("one of the database that was changed is found", async () => {
    await tamper("update audit_heads set position = 7 where tenant_id = $1");
    expect(await found()).toEqual(["signature_wrong@7", "unsigned@1"]);
  });
});
