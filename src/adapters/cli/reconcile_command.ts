import { type Command, InvalidArgumentError, Option } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { Drift } from "../../application/reconciliation/drift.ts";
import type { ReconciliationSummary } from "../../application/reconciliation/reconcile.ts";
import type { TenantResult } from "../../application/reconciliation/tenant_tally.ts";
import { counted } from "../../domain/counted.ts";
import { type BillingCommands, reporting, withExamples } from "./command.ts";
import type { CommandOutput, CommandReport } from "./command_output.ts";

/** The use cases of `reconcile`. */
export type ReconcileUseCases = Pick<Billing, "reconcile">;

interface ReconcileOptions {
  readonly tenant?: string;
  readonly since?: Date;
  readonly dryRun?: boolean;
  readonly thorough?: boolean;
}

const TENANTS_PER_PROGRESS = 100;
const OBJECTS_PER_PROGRESS = 10_000;

/** Adds `reconcile` to the command line. */
export function addReconcileCommand(
  program: Command,
  { withBilling }: BillingCommands<ReconcileUseCases>,
  output: CommandOutput,
): void {
  const reconcile = program
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
    .addOption(
      new Option(
        "--thorough",
        "look at every tenant, even where Stripe's lists show that nothing has changed",
      ).conflicts(["tenant", "since"]),
    )
    .option("--dry-run", "only compare: change nothing, here or at Stripe");
  reporting(
    reconcile,
    output,
    (options: ReconcileOptions) => withBilling((billing) => compare(billing, options, output)),
    "by_itself",
  );
  withExamples(reconcile, "reconcile --dry-run", "reconcile --since 2026-11-23");
}

async function compare(
  billing: ReconcileUseCases,
  { tenant: tenantId, since, dryRun = false, thorough = false }: ReconcileOptions,
  output: CommandOutput,
): Promise<CommandReport> {
  const results: TenantResult[] = [];
  let seen = 0;
  const outcome = await billing.reconcile.execute({
    tenantId,
    since,
    dryRun,
    thorough,
    signal: output.stop,
    onListed: (objects) => {
      if (objects % OBJECTS_PER_PROGRESS === 0) {
        output.progress(`${counted(objects, "object")} of Stripe's lists read`);
      }
    },
    onTenant: (result) => {
      if (result.drift.length > 0 || result.failure !== null) {
        results.push(result);
      }
      seen += 1;
      if (seen % TENANTS_PER_PROGRESS === 0) {
        output.progress(`${counted(seen, "tenant")} compared`);
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
  if (tenantId !== undefined && outcome.tenants === 0 && outcome.complete) {
    throw new Error(`Cannot reconcile "${tenantId}": no tenant of this id has a Stripe customer`);
  }
  const { type: _, ...summary } = outcome;
  const stopped = output.stop.aborted && !summary.complete;
  const advice = stopped
    ? [`Stopped by ${output.stop.reason}: run it again to compare the others`]
    : adviceOf(summary, dryRun);
  return {
    text: [...results.map(textOf), ...summaryLines(summary, dryRun), ...advice].join("\n"),
    json: { dryRun, ...summary, results },
    problem: advice.length > 0,
    stopped,
  };
}

function textOf({ tenantId, drift, failure }: TenantResult): string {
  const lines = drift.map((one) => `  ${driftText(one)}`);
  const failed = failure === null ? [] : [`  FAILED: ${failure}`];
  return [tenantId, ...lines, ...failed].join("\n");
}

function driftText({ kind, field, ours, theirs }: Drift): string {
  return `${kind.padEnd(12)}  ${field}: ours ${JSON.stringify(ours)}, Stripe's ${JSON.stringify(theirs)}`;
}

function summaryLines(summary: ReconciliationSummary, dryRun: boolean): string[] {
  const { tenants, looked, drifted, drift, failed, events, attention } = summary;
  const kinds = Object.entries(drift).map(([kind, count]) => `${count} ${kind}`);
  const differed = drifted === 0 ? "none differed" : `${drifted} differed (${kinds.join(", ")})`;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const repaired = dryRun || drifted === 0 ? "" : "; what differed is repaired unless it failed";
  const swept = dryRun ? "would be taken in" : `${events === 1 ? "was" : "were"} taken in`;
  return [
    `Compared ${counted(tenants, "tenant")}: ${differed}${failures}${repaired}`,
    ...(looked === tenants
      ? []
      : [`Of ${tenants - looked} of them, Stripe's lists say what we know`]),
    `${counted(events, "undelivered event")} ${swept}`,
    ...summary.failures.map((failure) => `FAILED: ${failure}`),
    ...attentionLines(attention),
  ];
}

function attentionLines(open: ReconciliationSummary["attention"]): string[] {
  if (open === null || open === 0) {
    return [];
  }
  const waiting = open === 1 ? "1 case waits" : `${open} cases wait`;
  return [`${waiting} for somebody to look at: see attention list`];
}

/** What somebody has to do, if anything. */
function adviceOf(summary: ReconciliationSummary, dryRun: boolean): string[] {
  if (!summary.complete) {
    return ["The run was broken off: run it again when Stripe and the database answer"];
  }
  if (summary.failed > 0) {
    return ["Some tenants could not be compared or repaired: see above, and run it again"];
  }
  if (summary.failures.length > 0) {
    return ["Some of it could not be done: see above, and run it again"];
  }
  return dryRun && summary.drifted > 0 ? ["Some tenants differ: run it without --dry-run"] : [];
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(+date)) {
    throw new InvalidArgumentError("Expected a date like 2026-11-23 or 2026-11-23T10:00:00Z, UTC.");
  }
  return date;
}
