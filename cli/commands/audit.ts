import { readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { z } from "zod";
import { chainEvents } from "#server/features/audit/chain/chain-events.ts";
import { readHead } from "#server/features/audit/chain/read-head.ts";
import {
  type ExportedHead,
  type Verification,
  verifyChain,
} from "#server/features/audit/chain/verify-chain.ts";
import { auditFilter } from "#server/features/audit/contract.ts";
import { exportAudit } from "#server/features/audit/export-audit.ts";
import { parseInput } from "../parse-input.ts";
import { anyTenantsDoor, RefusedInput, say, withInstallation } from "../with-installation.ts";

export function addAuditCommands(program: Command) {
  const audit = program.command("audit").description("The audit log of a tenant.");
  audit
    .command("head")
    .description(
      "Print the signed end of the chain as JSON. Keep it elsewhere: verify --head then finds a tail that was cut since.",
    )
    .requiredOption("--tenant <slug>", "the tenant")
    .action((options) => runHead(options));
  audit
    .command("verify")
    .description(
      "Recompute the whole chain and name every event that was changed, removed, swapped or slipped in. Exit code 4 where there is one.",
    )
    .requiredOption("--tenant <slug>", "the tenant")
    .option(
      "--head <file>",
      "a head that was exported earlier, as audit head prints it; - reads standard input",
    )
    .option("--json", "print JSON")
    .action((options) => runVerify(options));
  audit
    .command("export")
    .description("Print audit events, the newest first, to standard output.")
    .requiredOption("--tenant <slug>", "the tenant")
    .option("--format <format>", "csv or json", "csv")
    .option("--actor <id>", "who: a user's id, or system, operator, anonymous")
    .option("--action <beginning>", "what: the beginning of an action, such as user. or sign_in.")
    .option("--target <id>", "whom: the id of a user, group or import")
    .option("--from <time>", "from this time on, such as 2026-01-31T00:00:00Z")
    .option("--to <time>", "before this time")
    .option("--ip <address>", "from where")
    .action((options) => runExport(options));
}

async function runHead({ tenant }: { tenant: string }) {
  await withInstallation(async (installation) => {
    const { tenantId } = await anyTenantsDoor(installation, tenant);
    const { database, instance } = installation;
    const key = instance.secrets.signingKey;
    // What was recorded a moment ago is to stand before the head.
    await chainEvents({ database, key }, tenantId);
    const head = await database.asSystem("export the head of a chain", (tx) => readHead(tx, tenantId, key));
    if (!head) throw new RefusedInput(`Nothing has been recorded for ${tenant} yet: there is no head.`);
    say(true, "", head);
  });
}

/** The chain does not fit: neither a failure of the command nor a refusal of what was typed. */
const notIntact = 4;

async function runVerify({ tenant, head, json }: { tenant: string; head?: string; json?: boolean }) {
  const exported = head === undefined ? undefined : readExportedHead(head);
  await withInstallation(async (installation) => {
    const { tenantId } = await anyTenantsDoor(installation, tenant);
    const { database, instance } = installation;
    const asked = { tenantId, key: instance.secrets.signingKey, now: new Date(), exported };
    const verified = await database.asSystem("verify a chain", (tx) => verifyChain(tx, asked));
    const intact = verified.findings.length === 0;
    say(json, inWords(tenant, verified), { tenant, intact, ...verified });
    if (!intact) process.exitCode = notIntact;
  });
}

const headSchema = z.object({
  tenantId: z.uuid(),
  position: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  signedAt: z.string(),
  publicKey: z.string(),
  signature: z.string(),
});

function readExportedHead(path: string): ExportedHead {
  const kept = readKept(path);
  try {
    return headSchema.parse(JSON.parse(kept));
  } catch (cause) {
    throw new RefusedInput(
      `${path} holds no head as audit head prints it. Give the file that was kept, unchanged.`,
      { cause },
    );
  }
}

function readKept(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    throw new RefusedInput(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function inWords(tenant: string, { first, last, events, erased, heads, findings }: Verification): string {
  const range =
    first === null
      ? "nothing is chained yet (that happens each minute while Muster runs)"
      : `positions ${first} to ${last}`;
  const looked = `${events} ${events === 1 ? "event" : "events"}, ${range}, ${erased} with values that were erased, ${heads} signed ${heads === 1 ? "head" : "heads"}`;
  if (findings.length === 0) return `The audit log of ${tenant} is intact: ${looked}.`;
  return [
    `The audit log of ${tenant} is NOT intact (${looked}):`,
    ...findings.map(({ kind, message }) => `  ${kind}: ${message}`),
  ].join("\n");
}

type Export = { tenant: string; format: string };

async function runExport({ tenant, format, ...typed }: Export) {
  const input = parseInput(auditFilter.extend({ format: z.enum(["csv", "json"]) }), { ...typed, format });
  const { format: chosen, ...filter } = input;
  await withInstallation(async (installation) => {
    const door = await anyTenantsDoor(installation, tenant);
    await pipeline(await exportAudit(door, filter, chosen), process.stdout, { end: false });
  });
}
