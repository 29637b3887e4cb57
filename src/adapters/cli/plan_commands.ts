import type { Command } from "commander";
import type { CatalogChange } from "../../application/catalog/catalog_plan.ts";
import { describeChange } from "../../application/installation/describe_change.ts";
import type { WebhookEndpointPlan } from "../../application/installation/webhook_endpoint_plan.ts";
import { counted } from "../../domain/counted.ts";
import { RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput, CommandReport } from "./command_output.ts";

/** Options of `plans sync`. */
export interface PlanSyncOptions {
  /** Whether to print the changes without making them. */
  readonly dryRun: boolean;
  /** The new file that gets the signing secret of a new webhook endpoint. */
  readonly secretFile: string | null;
  readonly onProgress: (line: string) => void;
}

/** What `plans sync` did, or would do. */
export interface PlanSync {
  readonly dryRun: boolean;
  readonly plansFile: string;
  readonly changes: readonly CatalogChange[];
  /** `null` where no public address is set. */
  readonly endpoint: EndpointSync | null;
}

/** What became of the webhook endpoint. */
export interface EndpointSync extends WebhookEndpointPlan {
  readonly url: string;
  /** Whether the endpoint is missing and no file was given for its secret. */
  readonly lacksSecretFile: boolean;
  /** Where the secret of a new one was written to; `null` where none was created. */
  readonly secretFile: string | null;
}

/** What the commands about plans do. */
export interface PlanCommands {
  /** Publishes the plans file at Stripe. */
  syncPlans(options: PlanSyncOptions): Promise<PlanSync>;
}

interface SyncOptions {
  readonly dryRun?: boolean;
  readonly webhookSecretFile?: string;
}

/** Adds `plans sync` to the command line. */
export function addPlanCommands(
  program: Command,
  { syncPlans }: PlanCommands,
  output: CommandOutput,
): void {
  const plans = program.command("plans").description("work with the plans on offer");
  withExamples(plans, "plans sync --dry-run", "plans sync");
  const sync = plans
    .command("sync")
    .description(
      "publish PLANS_FILE at Stripe: products, prices, token packs and Customer Portal; " +
        "with PUBLIC_URL the webhook endpoint, too",
    )
    .option("--dry-run", "only print what would change")
    .option(
      "--webhook-secret-file <path>",
      "where to write the signing secret of a new webhook endpoint; the file must not exist",
    );
  let begun = 0;
  const work = async ({ dryRun = false, webhookSecretFile }: SyncOptions) => {
    const onProgress = (line: string) => {
      begun += 1;
      output.progress(line);
    };
    const options = { dryRun, secretFile: webhookSecretFile ?? null, onProgress };
    return syncReport(await syncPlans(options));
  };
  reporting(sync, output, work, {
    advice: () =>
      begun === 0 ? "nothing was changed" : `${begunText(begun)}; ${RUN_AGAIN.advice}`,
  });
  withExamples(
    sync,
    "plans sync --dry-run",
    "plans sync",
    "plans sync --webhook-secret-file ./webhook-secret",
  );
}

/** Each change is told when it begins. */
function begunText(changes: number): string {
  const which = changes === 1 ? "which" : "the last of which";
  return `${counted(changes, "change")} begun, ${which} may not be made`;
}

function syncReport(sync: PlanSync): CommandReport {
  const { changes, dryRun, endpoint, plansFile } = sync;
  const done = endpoint?.lacksSecretFile ? null : (endpoint?.change ?? null);
  const all = [...changes, ...(done === null ? [] : [done])];
  const summary =
    all.length > 0
      ? `${dryRun ? "To change" : "Changed"}: ${all.length}, by ${plansFile}`
      : `Nothing to change: all is as ${plansFile} says`;
  const lines = [
    ...all.flatMap(describeChange),
    summary,
    ...(endpoint === null
      ? ["The webhook endpoint was not looked at: PUBLIC_URL is not set"]
      : endpointLines(endpoint)),
  ];
  return { text: lines.join("\n"), json: sync, problem: endpoint?.lacksSecretFile ?? false };
}

function endpointLines(endpoint: EndpointSync): string[] {
  const { lacksSecretFile, leftovers, secretFile, url } = endpoint;
  return [
    ...(lacksSecretFile
      ? [
          `Cannot create the webhook endpoint ${url}: its signing secret needs a place. ` +
            "Name a new file with --webhook-secret-file",
        ]
      : []),
    ...(secretFile === null
      ? []
      : [`The signing secret is in ${secretFile}: add it to STRIPE_WEBHOOK_SECRETS, then restart`]),
    ...leftovers.map(
      ({ endpointId, apiVersion }) =>
        `Endpoint "${endpointId}" has the same address and version ` +
        `${apiVersion ?? "of the account"}, which cannot be changed: ` +
        "disable it at Stripe once the right one works",
    ),
  ];
}
