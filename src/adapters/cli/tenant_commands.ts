import { type Command, Option } from "commander";
import type { Billing } from "../../application/billing.ts";
import { REDACTIONS, type Redaction } from "../../domain/subscription/billing_account.ts";
import { type BillingCommands, RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { endedTenantText } from "./ended_tenant_text.ts";

/** What operators can do with tenants. */
export type TenantUseCases = Pick<Billing, "endTenant" | "causes">;

/** What the commands work with. */
export interface TenantCommands extends BillingCommands<TenantUseCases> {
  readonly operator: string;
}

interface EndOptions {
  readonly when: "now" | "period_end";
  readonly refund?: boolean;
  readonly redact?: Redaction;
  readonly dryRun?: boolean;
  readonly operator: string;
}

/** Adds `tenant end` to the command line. */
export function addTenantCommands(
  program: Command,
  { withBilling, operator: name }: TenantCommands,
  output: CommandOutput,
): void {
  const tenant = program.command("tenant").description("end a tenant");
  withExamples(tenant, "tenant end clacme0001 --dry-run");
  const end = tenant
    .command("end <tenant>")
    .description(
      "let a tenant send, spend and buy nothing any more; its books stay. Exits with 1 if money " +
        "could not be given back; run again after an interruption, it finishes what is left",
    )
    .addOption(
      new Option("--when <moment>", "at once, or with what it has paid for")
        .choices(["now", "period_end"])
        .default("now"),
    )
    .option("--refund", "give the unused share of the last paid plan back; only at once")
    .addOption(
      new Option(
        "--redact [how]",
        "empty the customer at Stripe of personal data, or delete it; only at once",
      )
        .choices(REDACTIONS)
        .preset("delete"),
    )
    .option("--dry-run", "only tell what would be done")
    .option("--operator <name>", "your name; it stays in the audit trail", name);
  reporting(
    end,
    output,
    (tenantId: string, options: EndOptions) =>
      withBilling(async ({ endTenant, causes }) => {
        const { when, refund = false, redact = null, dryRun = false, operator } = options;
        if (when === "period_end" && (refund || redact !== null)) {
          end.error(
            "error: --refund and --redact cannot be used with --when period_end: only at once",
          );
        }
        const cause = { type: "operator", name: operator } as const;
        const outcome = await causes.run(cause, () =>
          endTenant.execute({ tenantId, when, refund, redact, dryRun }),
        );
        if (outcome.type === "unknown") {
          throw new Error(`Cannot end "${tenantId}": nothing is known of such a tenant`);
        }
        const { type: _, ...ended } = outcome;
        return {
          text: endedTenantText(tenantId, ended, { dryRun, refund }),
          json: { tenantId, dryRun, ...ended },
          problem: ended.refundProblem !== null,
        };
      }),
    { advice: `its end may be saved; ${RUN_AGAIN.advice}` },
  );
  withExamples(
    end,
    "tenant end clacme0001 --dry-run",
    "tenant end clacme0001 --refund --operator Ada",
    "tenant end clacme0001 --redact empty",
    "tenant end clacme0001 --when period_end",
  );
}
