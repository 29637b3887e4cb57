import { type Command, InvalidArgumentError } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { DamagedLedger, LedgerReport } from "../../application/tokens/verify_ledgers.ts";
import { counted } from "../../domain/counted.ts";
import { availableTokens } from "../../domain/tokens/token_ledger.ts";
import { type BillingCommands, RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { expectKnownTenant } from "./expect_known_tenant.ts";

/** What operators can do with the token ledgers. */
export type LedgerUseCases = Pick<
  Billing,
  "verifyLedgers" | "adjustTokens" | "resumeSpending" | "knowsTenant"
>;

/** What the commands work with. */
export interface LedgerCommands extends BillingCommands<LedgerUseCases> {
  readonly operator: string;
}

interface OperatorOptions {
  readonly tenant: string;
  readonly reason: string;
  readonly operator: string;
}

/** Adds `ledger verify`, `adjust` and `resume` to the command line. */
export function addLedgerCommands(
  program: Command,
  commands: LedgerCommands,
  output: CommandOutput,
): void {
  const ledger = program.command("ledger").description("check and correct the AI token ledgers");
  withExamples(ledger, "ledger verify", "ledger verify --tenant clacme0001");
  addVerify(ledger, commands, output);
  addAdjust(ledger, commands, output);
  const { withBilling, operator: name } = commands;
  const resume = ofTenant(ledger.command("resume"), name).description(
    "let a tenant spend again whose ledger was found damaged",
  );
  reporting(
    resume,
    output,
    ({ tenant: tenantId, reason, operator }: OperatorOptions) =>
      withBilling(async ({ resumeSpending, knowsTenant }) => {
        await expectKnownTenant(tenantId, { knowsTenant });
        const resumed = await resumeSpending.execute({ tenantId, reason, operator });
        const text = resumed ? `"${tenantId}" can spend again` : `"${tenantId}" was not halted`;
        return { text, json: { tenantId, resumed } };
      }),
    RUN_AGAIN,
  );
  withExamples(resume, "ledger resume --tenant clacme0001 --reason restored");
}

function addVerify(ledger: Command, { withBilling }: LedgerCommands, output: CommandOutput): void {
  const verify = ledger
    .command("verify")
    .description("check every entry; halts spending where one was changed, and then exits with 1")
    .option("--tenant <id>", "only this tenant's ledger");
  reporting(
    verify,
    output,
    ({ tenant }: { tenant?: string }) =>
      withBilling(async ({ verifyLedgers }) => {
        const report = await verifyLedgers.execute({
          tenantId: tenant,
          signal: output.stop,
          onProgress: ({ tenantId, entries }) =>
            output.progress(`${entriesText(entries)}, at ${tenantId}`),
        });
        const { complete, damaged, entries } = report;
        if (tenant !== undefined && complete && entries === 0 && damaged.length === 0) {
          throw new Error(`Cannot verify the ledger of "${tenant}": it has no entries`);
        }
        const problem = damaged.some(({ acknowledged }) => !acknowledged);
        const stopped = `Stopped by ${output.stop.reason}: run it again to check all of them`;
        const text = [reportText(report), ...(complete ? [] : [stopped])].join("\n");
        return { text, json: report, problem, stopped: !complete };
      }),
    "by_itself",
  );
  withExamples(verify, "ledger verify", "ledger verify --tenant clacme0001 --json");
}

function addAdjust(
  ledger: Command,
  { withBilling, operator: name }: LedgerCommands,
  output: CommandOutput,
): void {
  const adjust = ofTenant(ledger.command("adjust"), name)
    .description("give tokens to a tenant, or take some where the amount is negative")
    .requiredOption("--amount <tokens>", "a whole number, such as 500 or -500", parseAmount);
  reporting(
    adjust,
    output,
    (options: OperatorOptions & { amount: number }) =>
      withBilling(async ({ adjustTokens, knowsTenant }) => {
        const { tenant: tenantId, amount: tokens, reason, operator } = options;
        await expectKnownTenant(tenantId, { knowsTenant });
        const outcome = await adjustTokens.execute({ tenantId, tokens, reason, operator });
        if (outcome.type === "insufficient_tokens") {
          const available = availableTokens(outcome.balance);
          throw new Error(
            `Cannot take ${counted(-tokens, "token")} from "${tenantId}": it has ${available}`,
          );
        }
        const { seq } = outcome.entry;
        const available = availableTokens(outcome.entry);
        const text = `Entry ${seq}: "${tenantId}" has ${counted(available, "token")} now`;
        return { text, json: { tenantId, seq, available } };
      }),
    { advice: "the entry may be written: look at the tenant's tokens before you run it again" },
  );
  withExamples(
    adjust,
    "ledger adjust --tenant clacme0001 --amount 500 --reason outage",
    "ledger adjust --tenant clacme0001 --amount -500 --reason error",
  );
}

function ofTenant(command: Command, operator: string): Command {
  return command
    .requiredOption("--tenant <id>", "the tenant")
    .requiredOption("--reason <text>", "why; it stays in the ledger")
    .option("--operator <name>", "your name; it stays in the ledger", operator);
}

function reportText({ tenants, entries, sealed, damaged }: LedgerReport): string {
  const first = sealed === 0 ? "" : `; sealed ${sealed} that had no seal yet`;
  const checked = `Checked ${entriesText(entries)} of ${counted(tenants, "tenant")}${first}`;
  if (damaged.length === 0) {
    return `${checked}: all are sound`;
  }
  const halted = damaged.some(({ acknowledged }) => !acknowledged);
  return [
    ...damaged.map(damageText),
    `${checked}: ${damaged.length} damaged`,
    ...(halted ? ["Tenants whose spending is halted can spend again after `ledger resume`"] : []),
  ].join("\n");
}

function entriesText(entries: number): string {
  return counted(entries, "entry", "entries");
}

function damageText({ tenantId, problems, more, acknowledged }: DamagedLedger): string {
  const state = acknowledged ? "seen by an operator" : "spending is halted";
  const lines = problems.map(({ seq, message }) => `  entry ${seq}: ${message}`);
  const rest = more === 0 ? [] : [`  and ${more} more`];
  return [`${tenantId} (${state})`, ...lines, ...rest].join("\n");
}

function parseAmount(text: string): number {
  const tokens = Number(text);
  if (!/^-?[0-9]+$/.test(text) || !Number.isSafeInteger(tokens) || tokens === 0) {
    throw new InvalidArgumentError("It has to be a whole number but 0.");
  }
  return tokens;
}
