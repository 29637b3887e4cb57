import { Command } from "commander";
import { type AuditUseCases, addAuditCommands } from "./audit_commands.ts";
import { addEventCommands, type EventUseCases } from "./event_commands.ts";
import { addLedgerCommands, type LedgerUseCases } from "./ledger_commands.ts";
import { addReconcileCommands, type ReconcileUseCases } from "./reconcile_commands.ts";
import { addStoreCommands, type StoreCommands } from "./store_commands.ts";

/** What the commands do. */
export interface Commands extends StoreCommands {
  /** Connects to the store, does the work, and lets go of it. */
  withBilling(
    work: (
      billing: EventUseCases & AuditUseCases & LedgerUseCases & ReconcileUseCases,
    ) => Promise<void>,
  ): Promise<void>;
  print(text: string): void;
  /** How far a command is, beside its results. */
  printProgress(text: string): void;
  /** Runs the service until it is told to stop. */
  serve(): Promise<void>;
  /** Publishes the plans file at Stripe. */
  syncPlans(): Promise<void>;
}

/** The command line of the service. Settings come from the environment, never from arguments. */
export function createProgram(commands: Commands): Command {
  const program = new Command("mailingcore-billing")
    .description("MailingCore's billing service. Settings are environment variables: see README.")
    .showHelpAfterError("Run with --help to see the commands.");
  program
    .command("serve", { isDefault: true })
    .description("run the service; without Stripe settings, together with the sandbox")
    .action(commands.serve);
  program
    .command("plans")
    .description("work with the plans on offer")
    .command("sync")
    .description("publish PLANS_FILE at Stripe: products, prices and Customer Portal")
    .action(commands.syncPlans);
  addStoreCommands(program, commands);
  addEventCommands(program, commands);
  addAuditCommands(program, commands);
  addLedgerCommands(program, commands);
  addReconcileCommands(program, commands);
  return program;
}
