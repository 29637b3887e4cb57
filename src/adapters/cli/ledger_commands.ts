import { type Command, InvalidArgumentError } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { DamagedLedger, LedgerReport } from "../../application/verify_ledgers.ts";
import { availableTokens } from "../../domain/token_ledger.ts";

/** What operators can do with the token ledgers. */
export type LedgerUseCases = Pick<Billing, "verifyLedgers" | "adjustTokens" | "resumeSpending">;

/** What the commands work with. */
export interface LedgerCommandPorts {
  /** Connects to the store, does the work, and lets go of it. */
  withBilling(work: (billing: LedgerUseCases) => Promise<void>): Promise<void>;
  print(text: string): void;
}

interface OperatorOptions {
  readonly tenant: string;
  readonly reason: string;
  readonly operator: string;
}

/** Adds `ledger verify`, `adjust` and `resume` to the command line. */
export function addLedgerCommands(
  program: Command,
  { withBilling, print }: LedgerCommandPorts,
): void {
  const ledger = program.command("ledger").description("check and correct the AI token ledgers");
  ledger
    .command("verify")
    .description("check every entry; halts spending where one was changed, and then exits with 1")
    .option("--tenant <id>", "only this tenant's ledger")
    .action(async ({ tenant }: { tenant?: string }) => {
      await withBilling(async ({ verifyLedgers }) => {
        const report = await verifyLedgers.execute({
          tenantId: tenant,
          onProgress: ({ tenantId, entries }) => print(`${entries} entries, at ${tenantId}\n`),
        });
        print(reportText(report));
        if (report.damaged.some(({ acknowledged }) => !acknowledged)) {
          throw new Error("Some ledgers are damaged: their tenants cannot spend until you resume");
        }
      });
    });
  ofTenant(ledger.command("adjust"))
    .description("give tokens to a tenant, or take some where the amount is negative")
    .requiredOption("--amount <tokens>", "a whole number, such as 500 or -500", parseAmount)
    .action(async (options: OperatorOptions & { amount: number }) => {
      await withBilling(async ({ adjustTokens }) => {
        const { tenant: tenantId, amount: tokens, reason, operator } = options;
        const outcome = await adjustTokens.execute({ tenantId, tokens, reason, operator });
        if (outcome.type === "insufficient_tokens") {
          const available = availableTokens(outcome.balance);
          throw new Error(`Cannot take ${-tokens} tokens from "${tenantId}": it has ${available}`);
        }
        const available = availableTokens(outcome.entry);
        print(`Entry ${outcome.entry.seq}: "${tenantId}" has ${available} tokens now\n`);
      });
    });
  ofTenant(ledger.command("resume"))
    .description("let a tenant spend again whose ledger was found damaged")
    .action(async ({ tenant: tenantId, reason, operator }: OperatorOptions) => {
      await withBilling(async ({ resumeSpending }) => {
        const resumed = await resumeSpending.execute({ tenantId, reason, operator });
        print(resumed ? `"${tenantId}" can spend again\n` : `"${tenantId}" was not halted\n`);
      });
    });
}

function ofTenant(command: Command): Command {
  return command
    .requiredOption("--tenant <id>", "the tenant")
    .requiredOption("--reason <text>", "why; it stays in the ledger")
    .requiredOption("--operator <name>", "your name; it stays in the ledger");
}

function reportText({ tenants, entries, damaged }: LedgerReport): string {
  const checked = `Checked ${entries} entries of ${tenants} tenants`;
  return damaged.length === 0
    ? `${checked}: all are sound\n`
    : `${damaged.map(damageText).join("")}${checked}: ${damaged.length} damaged\n`;
}

function damageText({ tenantId, problems, acknowledged }: DamagedLedger): string {
  const state = acknowledged ? "seen by an operator" : "spending is halted";
  const lines = problems.map(({ seq, message }) => `  entry ${seq}: ${message}\n`);
  return `${tenantId} (${state})\n${lines.join("")}`;
}

function parseAmount(text: string): number {
  const tokens = Number(text);
  if (!/^-?[0-9]+$/.test(text) || !Number.isSafeInteger(tokens) || tokens === 0) {
    throw new InvalidArgumentError("It has to be a whole number but 0.");
  }
  return tokens;
}
