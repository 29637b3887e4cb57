import type { Command } from "commander";
import type { AuditPage } from "../../application/audit/list_audit_entries.ts";
import type { Billing } from "../../application/billing.ts";
import type { AuditEntry, ChangeCause } from "../../domain/subscription/account_change.ts";
import { type BillingCommands, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { countUpTo } from "./parse_count.ts";

/** What operators see of the audit trail. */
export type AuditUseCases = Pick<Billing, "listAuditEntries">;

const MAX_LIMIT = 1_000;
const MAX_REVISION = 999_999_999;

interface ListOptions {
  readonly tenant: string;
  readonly limit: number;
  readonly before?: number;
}

/** Adds `audit list` to the command line. */
export function addAuditCommands(
  program: Command,
  { withBilling }: BillingCommands<AuditUseCases>,
  output: CommandOutput,
): void {
  const audit = program
    .command("audit")
    .description("see what changed in tenants' accounts, and why");
  withExamples(audit, "audit list --tenant clacme0001");
  const list = audit
    .command("list")
    .description("list the changes of an account, the last one first")
    .requiredOption("--tenant <id>", "whose account")
    .option("--limit <number>", `at most so many, up to ${MAX_LIMIT}`, countUpTo(MAX_LIMIT), 20)
    .option("--before <revision>", "only changes before this revision", countUpTo(MAX_REVISION));
  reporting(list, output, ({ tenant: tenantId, limit, before }: ListOptions) =>
    withBilling(async ({ listAuditEntries }) => {
      const page = await listAuditEntries.execute({ tenantId, before, limit });
      const newest = async () => (await listAuditEntries.execute({ tenantId, limit: 1 })).entries;
      if (page.entries.length === 0 && (await newest()).length === 0) {
        throw new Error(`Cannot list the changes of "${tenantId}": no tenant of this id has any`);
      }
      return { text: pageText(page), json: page };
    }),
  );
  withExamples(
    list,
    "audit list --tenant clacme0001",
    "audit list --tenant clacme0001 --before 17 --json",
  );
}

function pageText({ entries, nextBefore }: AuditPage): string {
  const more = nextBefore === null ? [] : `There are more: go on with --before ${nextBefore}`;
  return entries.length === 0
    ? "Nothing has changed"
    : [...entries.map(text), more].flat().join("\n");
}

function text({ revision, at, cause, fields }: AuditEntry): string {
  const lines = fields.map(
    ({ field, before, after }) =>
      `  ${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
  );
  return [`${at.toISOString()}  revision ${revision}  ${causeText(cause)}`, ...lines].join("\n");
}

function causeText(cause: ChangeCause): string {
  switch (cause.type) {
    case "event":
      return `${cause.eventType} (${cause.eventId})`;
    case "request":
      return `request of ${JSON.stringify(cause.userId)}`;
    case "operator":
      return `operator ${JSON.stringify(cause.name)}`;
    case "reconciliation":
    case "service":
      return cause.type;
    default:
      return cause satisfies never;
  }
}
