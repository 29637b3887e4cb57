import { type Command, InvalidArgumentError, Option } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { ReconciliationSummary, TenantResult } from "../../application/reconcile.ts";
import type { Drift } from "../../domain/drift.ts";

/** What operators compare tenants with Stripe by. */
export type ReconcileUseCases = Pick<Billing, "reconcile">;

/** What the command works with. */
export interface ReconcileCommandPorts {
  /** Connects to the store, does the work, and lets go of it. */
  withBilling(work: (billing: ReconcileUseCases) => Promise<void>): Promise<void>;
  /** Results. */
  print(text: string): void;
  /** How far it is, beside the results. */
  printProgress(text: string): void;
}

interface ReconcileOptions {
  readonly tenant?: string;
  readonly since?: Date;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const TENANTS_PER_PROGRESS = 100;

/** Adds `reconcile` to the command line. */
export function addReconcileCommands(program: Command, ports: ReconcileCommandPorts): void {
  program
    .command("reconcile")
    .description(
      "compare tenants with Stripe and repair what differs; exits with 1 if something could not be " +
        "repaired, and in a dry run if anything differs",
    )
    .option("--tenant <id>", "only this tenant")
    .addOption(
      new Option(
        "--since <date>",
        "only tenants with events at Stripe since then, such as 2026-11-23",
      )
        .argParser(parseDate)
        .conflicts("tenant"),
    )
    .option("--dry-run", "only compare: change nothing, here or at Stripe")
    .option("--json", "one JSON object per line")
    .action(async (options: ReconcileOptions) => {
      await ports.withBilling((billing) => reconcile(billing, options, ports));
    });
}

async function reconcile(
  billing: ReconcileUseCases,
  { tenant: tenantId, since, dryRun = false, json = false }: ReconcileOptions,
  { print, printProgress }: ReconcileCommandPorts,
): Promise<void> {
  let seen = 0;
  const outcome = await billing.reconcile.execute({
    tenantId,
    since,
    dryRun,
    onTenant: (result) => {
      print(json ? jsonOf(result) : textOf(result));
      seen += 1;
      if (seen % TENANTS_PER_PROGRESS === 0) {
        printProgress(`${seen} tenants compared\n`);
      }
    },
  });
  if (outcome.type === "since_too_early") {
    const earliest = outcome.earliest.toISOString();
    throw new Error(
      `Cannot reconcile since then: Stripe keeps events for 30 days, back to ${earliest}. ` +
        "Leave --since out to compare all tenants",
    );
  }
  const { type: _, ...summary } = outcome;
  print(json ? `${JSON.stringify({ dryRun, ...summary })}\n` : summaryText(summary, dryRun));
  const problem = problemOf(summary, dryRun);
  if (problem !== null) {
    throw new Error(problem);
  }
}

function jsonOf({ tenantId, drift, failure }: TenantResult): string {
  const lines: object[] = [...drift, ...(failure === null ? [] : [{ tenantId, failure }])];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function textOf({ tenantId, drift, failure }: TenantResult): string {
  if (drift.length === 0 && failure === null) {
    return "";
  }
  const lines = drift.map((one) => `  ${driftText(one)}\n`);
  return `${tenantId}\n${lines.join("")}${failure === null ? "" : `  FAILED: ${failure}\n`}`;
}

function driftText({ kind, field, ours, theirs }: Drift): string {
  return `${kind.padEnd(12)}  ${field}: ours ${JSON.stringify(ours)}, Stripe's ${JSON.stringify(theirs)}`;
}

function summaryText(summary: ReconciliationSummary, dryRun: boolean): string {
  const { tenants, drifted, drift, failed, events } = summary;
  const kinds = Object.entries(drift).map(([kind, count]) => `${count} ${kind}`);
  const differed = drifted === 0 ? "none differed" : `${drifted} differed (${kinds.join(", ")})`;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const swept = dryRun ? "would be taken in" : "were taken in";
  return (
    `Compared ${tenants} tenants: ${differed}${failures}` +
    `${dryRun || drifted === 0 ? "" : "; what differed is repaired unless it failed"}\n` +
    `${events} undelivered events ${swept}\n`
  );
}

function problemOf(summary: ReconciliationSummary, dryRun: boolean): string | null {
  if (!summary.complete) {
    return "The run was broken off: run it again when Stripe and the database answer";
  }
  if (summary.failed > 0) {
    return "Some tenants could not be compared or repaired: see above, and run it again";
  }
  return dryRun && summary.drifted > 0 ? "Some tenants differ from Stripe" : null;
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(+date)) {
    throw new InvalidArgumentError("Expected a date like 2026-11-23 or 2026-11-23T10:00:00Z, UTC.");
  }
  return date;
}
