import { type Command, InvalidArgumentError } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { AuditEntry, ChangeCause } from "../../domain/account_change.ts";

/** What operators see of the audit trail. */
export type AuditUseCases = Pick<Billing, "listAuditEntries">;

/** What the commands work with. */
export interface AuditCommandPorts {
  /** Connects to the store, does the work, and lets go of it. */
  withBilling(work: (billing: AuditUseCases) => Promise<void>): Promise<void>;
  print(text: string): void;
}

interface ListOptions {
  readonly tenant: string;
  readonly limit: number;
  readonly before?: number;
  readonly json?: true;
}

/** Adds `audit list` to the command line. */
export function addAuditCommands(
  program: Command,
  { withBilling, print }: AuditCommandPorts,
): void {
  program
    .command("audit")
    .description("see what changed in tenants' accounts, and why")
    .command("list")
    .description("list the changes of an account, the last one first")
    .requiredOption("--tenant <id>", "whose account")
    .option("--limit <number>", "at most so many", parseCount, 20)
    .option("--before <revision>", "only changes before this revision", parseCount)
    .option("--json", "one JSON object per line")
    .action(async ({ tenant: tenantId, limit, before, json }: ListOptions) => {
      await withBilling(async ({ listAuditEntries }) => {
        const { entries, nextBefore } = await listAuditEntries.execute({
          tenantId,
          before,
          limit,
        });
        print(entries.map((entry) => (json ? `${JSON.stringify(entry)}\n` : text(entry))).join(""));
        if (nextBefore !== null && !json) {
          print(`There are more: go on with --before ${nextBefore}\n`);
        }
      });
    });
}

function text({ revision, at, cause, fields }: AuditEntry): string {
  const head = `${at.toISOString()}  revision ${revision}  ${causeText(cause)}\n`;
  const lines = fields.map(
    ({ field, before, after }) =>
      `  ${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}\n`,
  );
  return head + lines.join("");
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

function parseCount(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new InvalidArgumentError("Expected a whole number from 1.");
  }
  return Number(value);
}
